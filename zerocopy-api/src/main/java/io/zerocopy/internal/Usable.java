package io.zerocopy.internal;

import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
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
 * Refuses channels that cannot serve, with the JDK's own exceptions, before anything moves. Whether a file channel can
 * be read or written is asked by an empty read or write, which checks that and makes no system call.
 */
final class Usable {
    private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

    private Usable() {}

    static void source(Closeable end, boolean blocking) throws IOException {
        check(end, blocking);
    }

    /** Unless the port has a descriptor, whose own flags tell. */
    static void readable(Closeable end, Facts facts) throws IOException {
        if (!facts.descriptor()) {
            readable(end);
        }
    }

    static void readable(Closeable end) throws IOException {
        if (end instanceof FileChannel file) {
            uninterrupted(() -> file.read(EMPTY.duplicate(), 0));
        }
    }

    static void target(Closeable end, boolean blocking) throws IOException {
        check(end, blocking);
    }

    /** As {@link #readable}. */
    static void writable(Closeable end, Facts facts) throws IOException {
        boolean tcp = facts.kind() == Kind.TCP; // of a Unix-domain socket its write will tell
        if (tcp && end instanceof SocketChannel socket && isShut(socket)) {
            throw new ClosedChannelException(); // as its own write throws
        }
        if (!facts.descriptor() && end instanceof FileChannel file) {
            uninterrupted(() -> file.write(EMPTY.duplicate(), 0));
        }
    }

    private static boolean isShut(SocketChannel socket) {
        try {
            return socket.socket().isOutputShutdown();
        } catch (UnsupportedOperationException unix) {
            return true; // it was closed a moment ago, and so could not be told from TCP any more
        }
    }

    /** An end of a blocking relay. */
    static void relayed(Closeable end) throws IOException {
        check(end, true);
    }

    private interface Call {
        int run() throws IOException;
    }

    /** A JDK channel closes itself when it is used on an interrupted thread, so the status is put aside. */
    private static void uninterrupted(Call call) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            call.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void check(Closeable end, boolean blocking) throws IOException {
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
}
