package io.zerocopy.internal.endpoint;

import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
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
 * Refuses channels that cannot serve, with the JDK's own exceptions, before any byte moves and before a target is opened.
 * An empty read or write tells whether a file channel can be read or written; it makes no system call.
 */
public final class EndpointChecks {
    private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

    private EndpointChecks() {}

    /** Checks that a channel is open, connected and, for a blocking run, in blocking mode. */
    public static void requireOpen(Closeable end, boolean blocking) throws IOException {
        boolean unconnected = end instanceof SocketChannel socket && !socket.isConnected();
        if (end instanceof Channel channel
                && !channel.isOpen()) { // asked after that: a closed one is not connected either
            throw new ClosedChannelException();
        }
        if (unconnected) {
            throw new NotYetConnectedException();
        }
        if (blocking && end instanceof SelectableChannel channel && !channel.isBlocking()) {
            throw new IllegalBlockingModeException();
        }
    }

    /** Checks that a source can be read. */
    static void requireReadable(Closeable end, Endpoint port) throws IOException {
        port.requireUsable();
        if (!port.facts().descriptor()) {
            requireReadable(end);
        }
    }

    /** Checks that a file channel was opened to read; says nothing of other ends. */
    public static void requireReadable(Closeable end) throws IOException {
        if (end instanceof FileChannel file) {
            tryEmpty(file, true);
        }
    }

    /** Checks that a target can be written. */
    static void requireWritable(Closeable end, Endpoint port) throws IOException {
        EndpointFacts facts = port.facts();
        boolean tcp = facts.kind() == EndpointKind.TCP; // a Unix-domain socket refuses at its first write
        if (tcp && end instanceof SocketChannel socket && isShut(socket)) {
            throw new ClosedChannelException(); // as its own write throws
        }
        port.requireUsable();
        if (!facts.descriptor() && end instanceof FileChannel file) {
            tryEmpty(file, false);
        }
    }

    private static boolean isShut(SocketChannel socket) {
        try {
            return socket.socket().isOutputShutdown();
        } catch (UnsupportedOperationException unix) {
            return true; // it was closed a moment ago, and so could not be told from TCP any more
        }
    }

    /** A JDK channel closes itself when an interrupted thread uses it, so the status is put aside. */
    private static void tryEmpty(FileChannel file, boolean read) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            if (read) {
                file.read(EMPTY.duplicate(), 0);
            } else {
                file.write(EMPTY.duplicate(), 0);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
