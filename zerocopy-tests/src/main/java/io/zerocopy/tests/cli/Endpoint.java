package io.zerocopy.tests.cli;

import io.zerocopy.tests.cli.terminal.Address;
import io.zerocopy.tests.cli.terminal.ErrorLine;
import io.zerocopy.tests.servers.proxy.BoundName;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An address in use. {@link #listen} binds an address that listens, and {@link #connect} makes or accepts the
 * connection. The other end can be bound between the two calls, so that both ends can listen at the same time. Standard
 * input and output stay open.
 */
final class Endpoint implements Closeable {
    private final Address address;
    private ServerSocketChannel server;
    private BoundName bound;
    private Thread unbinding; // runs if the process is stopped while it listens
    private SocketChannel socket;
    private SocketChannel peer;

    Endpoint(Address address) {
        this.address = address;
    }

    /** Binds an address that listens and prints where; does nothing for other addresses. */
    void listen() throws IOException {
        try {
            if (address.form() == Address.Form.TCP_LISTEN) {
                server = ServerSocketChannel.open().bind(internet(), 1);
                InetSocketAddress at = (InetSocketAddress) server.getLocalAddress();
                System.err.println("listening on " + at.getAddress().getHostAddress() + " port " + at.getPort());
            } else if (address.form() == Address.Form.UNIX_LISTEN) {
                server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                server.bind(UnixDomainSocketAddress.of(address.path()), 1);
                bound = new BoundName(address.path());
                unbinding = new Thread(bound::removeQuietly);
                Runtime.getRuntime().addShutdownHook(unbinding);
                System.err.println("listening on " + address.path());
            }
        } catch (IOException e) {
            throw named(e);
        }
    }

    /** Connects, or waits for the one connection; does nothing if the address needs no connection. */
    void connect() throws IOException {
        try {
            if (server != null) {
                socket = server.accept();
                stopListening();
            } else if (address.form() == Address.Form.TCP) {
                socket = SocketChannel.open(internet());
            } else if (address.form() == Address.Form.UNIX) {
                socket = SocketChannel.open(UnixDomainSocketAddress.of(address.path()));
            }
        } catch (IOException e) {
            throw named(e);
        }
    }

    /** Like {@link #connect}, but an address that would listen gets a connection from this process. */
    void connectForPlan() throws IOException {
        if (!address.form().listens()) {
            connect();
        } else if (address.form().isTcp()) {
            server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            pair();
        } else {
            Path directory = Files.createTempDirectory("zerocopy-explain");
            try {
                server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                Path name = directory.resolve("socket");
                server.bind(UnixDomainSocketAddress.of(name), 1);
                bound = new BoundName(name);
                pair();
            } finally {
                stopListening();
                Files.delete(directory);
            }
        }
    }

    private void pair() throws IOException {
        peer = SocketChannel.open(server.getLocalAddress());
        socket = server.accept();
        stopListening();
    }

    /** Returns a path or a channel. */
    @SuppressWarnings("resource") // closing a stream over standard input would close standard input
    Object source() throws IOException {
        if (address.form() == Address.Form.STANDARD) {
            requireStandard(0, "input");
            return new FileInputStream(FileDescriptor.in).getChannel();
        }
        return socket != null ? socket : address.path();
    }

    /** Returns a path or a channel. */
    @SuppressWarnings("resource") // closing a stream over standard output would close standard output
    Object target() throws IOException {
        if (address.form() == Address.Form.STANDARD) {
            requireStandard(1, "output");
            return new FileOutputStream(FileDescriptor.out).getChannel();
        }
        return socket != null ? socket : address.path();
    }

    /** Fails if a standard stream is closed: the first file that the JVM opens for itself would then get its number. */
    private static void requireStandard(int number, String name) throws IOException {
        Path link = Path.of("/proc/self/fd", Integer.toString(number));
        if (Files.isSymbolicLink(link)
                && Files.readSymbolicLink(link).startsWith(Path.of(System.getProperty("java.home")))) {
            throw new IOException("standard " + name + " is closed");
        }
    }

    /** Ends the output to the peer of a socket. Does not wait. */
    void endOutput() throws IOException {
        if (socket != null) {
            socket.shutdownOutput();
        }
    }

    private SocketAddress internet() throws IOException {
        InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
        if (resolved.isUnresolved()) {
            throw new UnknownHostException("unknown host");
        }
        return resolved;
    }

    /** Adds the address, because "Connection refused" does not say which of the two ends has failed. */
    private IOException named(IOException e) {
        return new IOException(address + ": " + ErrorLine.of(e), e);
    }

    /** Removes the name of a Unix-domain socket, but only if it was bound here. */
    private void stopListening() throws IOException {
        if (server != null) {
            server.close();
            server = null;
        }
        if (bound != null) {
            bound.remove();
            bound = null;
        }
        if (unbinding != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(unbinding);
            } catch (IllegalStateException ending) {
                // the hook is running already, and finds nothing to remove
            }
            unbinding = null;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            stopListening();
        } finally {
            close(socket);
            close(peer);
        }
    }

    private static void close(SocketChannel channel) throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
