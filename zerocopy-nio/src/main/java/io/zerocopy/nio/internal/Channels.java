package io.zerocopy.nio.internal;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;

/** Questions to channels that the JDK answers in a way that needs care. */
public final class Channels {
    private Channels() {}

    /**
     * Tells whether a channel is the JDK's own, which does nothing to the bytes and keeps no buffer. Everybody may
     * extend {@link FileChannel} or {@link java.nio.channels.SocketChannel}, and TLS channels do.
     */
    public static boolean isOfJdk(Channel channel) {
        return channel != null && channel.getClass().getModule() == Object.class.getModule();
    }

    /*
     * A file channel closes itself when a thread that is interrupted asks for its position or size. The status is
     * therefore put aside meanwhile; an interrupt that comes just then still closes the channel.
     */

    /** Reads a channel's position, interrupted or not. */
    public static long position(FileChannel channel) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            return channel.position();
        } finally {
            restore(interrupted);
        }
    }

    /** Sets a channel's position, interrupted or not. */
    public static void position(FileChannel channel, long position) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            channel.position(position);
        } finally {
            restore(interrupted);
        }
    }

    /** Reads the size of a channel's file, interrupted or not. */
    public static long size(FileChannel channel) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            return channel.size();
        } finally {
            restore(interrupted);
        }
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
