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
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;

/**
 * Refuses channels that cannot be used, with the JDK's own exceptions, before any byte moves and before a target is
 * opened. An empty read or write shows whether a file channel can be read or written; it makes no system call.
 */
public final class EndpointChecks {
    /** What messages call the ends. */
    public static final String SOURCE = "the source";

    static final String TARGET = "the target";

    private static final long LAST = Long.MAX_VALUE - 1;

    private static volatile ByteBuffer empty; // a direct one: for another, the JDK keeps memory per thread

    private EndpointChecks() {}

    /**
     * Checks that a channel is open, connected and, for a blocking run, in blocking mode.
     *
     * @param role of the end in messages, such as {@link #SOURCE}
     */
    public static void requireOpen(String role, Closeable end, boolean blocking) throws IOException {
        boolean unconnected = end instanceof SocketChannel socket && !socket.isConnected();
        if (end instanceof Channel channel
                && !channel.isOpen()) { // asked after that: a closed one is not connected either
            throw Refusals.closed(role + " is closed: " + EndName.of(end, null));
        }
        if (unconnected) {
            throw Refusals.unconnected(role + " is not connected yet: " + EndName.of(end, null));
        }
        if (blocking && end instanceof SelectableChannel channel && !channel.isBlocking()) {
            throw Refusals.nonBlocking(
                    role + " is in non-blocking mode, open() a session, or make it blocking: " + EndName.of(end, null));
        }
    }

    /** Whether a file's channel is one of the JDK's, or can have one opened. */
    static boolean isOfTheJdk(Channel channel) {
        return channel instanceof OpenedFile
                || (channel instanceof FileChannel && channel.getClass().getModule() == Object.class.getModule());
    }

    /** Checks that a source can be read. */
    public static void requireReadable(Closeable end, Endpoint port) throws IOException {
        try {
            port.requireUsable();
            if (port.descriptor() == null) {
                requireReadable(end);
                requireFile(end, port.facts());
            }
        } catch (NonReadableChannelException unnamed) {
            throw Refusals.notReadable(SOURCE + " was not opened to be read: " + EndName.of(end, port));
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
            // as its own write throws
            throw Refusals.closed(TARGET + " takes no more bytes, its output is shut down: " + EndName.of(end, port));
        }
        try {
            port.requireUsable();
            if (port.descriptor() == null && end instanceof FileChannel file) {
                tryEmpty(file, false);
            }
        } catch (NonWritableChannelException unnamed) {
            throw Refusals.notWritable(TARGET + " was not opened to be written: " + EndName.of(end, port));
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
        ByteBuffer known = empty;
        if (known == null) {
            known = ByteBuffer.allocateDirect(0);
            empty = known;
        }
        uninterrupted(file, known.duplicate(), 0, read);
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
