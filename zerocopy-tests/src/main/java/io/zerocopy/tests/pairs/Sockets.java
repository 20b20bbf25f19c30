package io.zerocopy.tests.pairs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Two connected sockets, over loopback or over a socket file in a directory. */
final class Sockets {
    private Sockets() {}

    static SocketChannel[] tcp(Lane lane) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            return connect(lane, server, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        }
    }

    static SocketChannel[] unix(Lane lane, Path directory) throws IOException {
        Path name = Files.createTempFile(directory, "socket", null);
        Files.delete(name);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            return connect(lane, server, UnixDomainSocketAddress.of(name));
        } finally {
            Files.deleteIfExists(name);
        }
    }

    private static SocketChannel[] connect(Lane lane, ServerSocketChannel server, SocketAddress address)
            throws IOException {
        server.bind(address);
        SocketChannel one = lane.keep(SocketChannel.open(server.getLocalAddress()));
        return new SocketChannel[] {one, lane.keep(server.accept())};
    }
}
