package io.zerocopy.internal.endpoint;

import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.OpenedFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;

/**
 * Refuses channels that cannot be used, with the JDK's own exceptions, before any byte moves and before a target is
 * opened. An empty read or write shows whether a file channel can be read or written; it makes no system call.
 */
public final class EndpointChecks {
    private static final long LAST = Long.MAX_VALUE - 1;
    private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

    /** The JDK's exceptions have no room for a text. Made by methods, so that they are loaded when they are thrown. */
    private static final class NonBlocking extends IllegalBlockingModeException {
        private static final long serialVersionUID = 1L;

        private final String name;

        private NonBlocking(String name) {
            this.name = name;
        }

        static RuntimeException of(String name) {
            return new NonBlocking(name);
        }

        @Override
        public String getMessage() {
            return name + " is in non-blocking mode: open() a session, or make it blocking";
        }
    }

    private static final class Unconnected extends NotYetConnectedException {
        private static final long serialVersionUID = 1L;

        static RuntimeException socket() {
            return new Unconnected();
        }

        @Override
        public String getMessage() {
            return "a socket is not connected yet";
        }
    }

    private EndpointChecks() {}

    /** Checks that a channel is open, connected and, for a blocking run, in blocking mode. */
    public static void requireOpen(Closeable end, boolean blocking) throws IOException {
        boolean unconnected = end instanceof SocketChannel socket && !socket.isConnected();
        if (end instanceof Channel channel
                && !channel.isOpen()) { // checked second, because a closed channel is not connected either
            throw new ClosedChannelException();
        }
        if (unconnected) {
            throw Unconnected.socket();
        }
        if (blocking && end instanceof SelectableChannel channel && !channel.isBlocking()) {
            throw NonBlocking.of(EndName.of(end, null));
        }
    }

    /** Whether a file's channel is one of the JDK's, or can have one opened. */
    static boolean isOfTheJdk(Channel channel) {
        return channel instanceof OpenedFile
                || (channel instanceof FileChannel && channel.getClass().getModule() == Object.class.getModule());
    }

    /** Checks that a source can be read. */
    public static void requireReadable(Closeable end, Endpoint port) throws IOException {
        port.requireUsable();
        if (port.descriptor() == null) {
            requireReadable(end);
            requireFile(end, port.facts());
        }
    }

    /** Checks that a file channel was opened for reading; does not check other ends. */
    private static void requireReadable(Closeable end) throws IOException {
        if (end instanceof FileChannel file) {
            tryEmpty(file, true);
        }
    }

    /**
     * Refuses a file channel that was opened on a directory, if no provider knows this. Every read of a directory
     * fails; a read beyond the end of a file returns no bytes.
     */
    private static void requireFile(Closeable end, EndpointFacts facts) throws IOException {
        if (facts.kind() == EndpointKind.FILE && end instanceof FileChannel file) {
            try {
                tryByte(file, LAST);
            } catch (ClosedChannelException closed) {
                throw closed;
            } catch (IOException refused) {
                requireByte(file);
            }
        }
    }

    private static void requireByte(FileChannel file) throws IOException {
        try {
            tryByte(file, 0);
        } catch (ClosedChannelException closed) {
            throw closed;
        } catch (IOException refused) {
            throw new IllegalArgumentException(
                    "this channel cannot be read; it may be open on a directory: " + refused.getMessage(), refused);
        }
    }

    /** Checks that a target can be written. */
    static void requireWritable(Closeable end, Endpoint port) throws IOException {
        EndpointFacts facts = port.facts();
        boolean tcp = facts.kind() == EndpointKind.TCP; // a Unix-domain socket refuses at its first write
        if (tcp && end instanceof SocketChannel socket && isShut(socket)) {
            throw new ClosedChannelException(); // as its write method would throw
        }
        port.requireUsable();
        if (port.descriptor() == null && end instanceof FileChannel file) {
            tryEmpty(file, false);
        }
    }

    /** Whether a TCP socket takes no more bytes. */
    static boolean isShut(Endpoint port) {
        return port.facts().kind() == EndpointKind.TCP
                && port.channel() instanceof SocketChannel socket
                && isShut(socket);
    }

    private static boolean isShut(SocketChannel socket) {
        try {
            return socket.socket().isOutputShutdown();
        } catch (UnsupportedOperationException unix) {
            return true; // it was closed a moment ago, so it could no longer be distinguished from TCP
        }
    }

    private static void tryEmpty(FileChannel file, boolean read) throws IOException {
        uninterrupted(file, EMPTY.duplicate(), 0, read);
    }

    private static void tryByte(FileChannel file, long position) throws IOException {
        uninterrupted(file, ByteBuffer.allocate(1), position, true);
    }

    /** A JDK channel closes itself if an interrupted thread uses it, so the status is cleared meanwhile. */
    private static void uninterrupted(FileChannel file, ByteBuffer buffer, long position, boolean read)
            throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            if (read) {
                file.read(buffer, position);
            } else {
                file.write(buffer, position);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
