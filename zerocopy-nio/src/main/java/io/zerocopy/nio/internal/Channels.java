package io.zerocopy.nio.internal;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;

/** Reads properties of channels whose JDK methods have side effects or need care. */
public final class Channels {
    private Channels() {}

    /**
     * Returns whether a channel's class is the JDK's own, so that it passes bytes on unchanged and keeps no buffer.
     * Anyone may extend {@link FileChannel} or {@link java.nio.channels.SocketChannel}, and TLS channels do.
     */
    public static boolean isOfJdk(Channel channel) {
        return channel != null && channel.getClass().getModule() == Object.class.getModule();
    }

    /*
     * A file channel closes itself if an interrupted thread reads its position or size. These methods therefore clear
     * the interrupt status and set it again afterwards. An interrupt that arrives in between still closes the channel.
     */

    /** Reads a channel's position, even if the thread is interrupted. */
    public static long position(FileChannel channel) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            return channel.position();
        } finally {
            restore(interrupted);
        }
    }

    /** Sets a channel's position, even if the thread is interrupted. */
    public static void position(FileChannel channel, long position) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            channel.position(position);
        } finally {
            restore(interrupted);
        }
    }

    /** Reads the size of a channel's file, even if the thread is interrupted. */
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
