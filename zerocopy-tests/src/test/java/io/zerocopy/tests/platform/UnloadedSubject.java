package io.zerocopy.tests.platform;

import io.zerocopy.Transfer;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.StatusFlags;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Runs in its own process, whose very first transfer finds no free descriptor, or only as many as the argument says:
 * most of the classes that it needs have not been loaded then.
 */
final class UnloadedSubject {
    private static final byte[] BYTES = new byte[40_000]; // fit into a socket's buffers

    private UnloadedSubject() {}

    public static void main(String[] args) throws IOException {
        new StatusFlags().areUnchanged(); // loads the classes that read the flags
        SocketChannel[] from = tcp();
        SocketChannel[] to = tcp();
        Transfer relay = Transfers.from(from[0]).count(BYTES.length).to(to[0]).build();
        from[1].write(ByteBuffer.wrap(BYTES));
        StatusFlags before = new StatusFlags();
        Deque<FileInputStream> fillers = useUp(Integer.parseInt(args[0]));
        String told;
        try {
            told = relay.run().mechanism().toString();
        } catch (IOException | LinkageError e) {
            told = e.toString();
        }
        while (!fillers.isEmpty()) {
            fillers.pop().close();
        }
        System.out.println("first " + told);
        before.areUnchanged();
        System.out.println("arrived " + Channels.newInputStream(to[1]).readNBytes(BYTES.length).length);
        from[1].write(ByteBuffer.wrap(BYTES));
        TransferResult next = relay.run();
        System.out.println("next " + next.mechanism() + " " + next.bytes());
    }

    private static SocketChannel[] tcp() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel one = SocketChannel.open(server.getLocalAddress());
            return new SocketChannel[] {one, server.accept()};
        }
    }

    private static Deque<FileInputStream> useUp(int leave) throws IOException {
        Deque<FileInputStream> fillers = new ArrayDeque<>();
        try {
            while (true) {
                fillers.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException full) {
            for (int i = 0; i < leave; i++) {
                fillers.pop().close();
            }
        }
        return fillers;
    }
}
