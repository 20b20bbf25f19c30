package io.zerocopy.nio.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.util.Set;

/** Reads properties of channels whose JDK methods have side effects or need care. */
public final class JdkChannels {
    /** The reason if a mechanism that needs the JDK's file channels declines. */
    public static final String NONE = "this end has no file channel of the JDK";

    /** Each of these classes passes the bytes to the kernel, or copies them, and keeps no reference to the memory. */
    private static final Set<String> OF_JDK = Set.of(
            "sun.nio.ch.FileChannelImpl",
            "sun.nio.ch.SocketChannelImpl",
            "sun.nio.ch.SourceChannelImpl",
            "sun.nio.ch.SinkChannelImpl",
            "sun.nio.ch.SocketInputStream",
            "sun.nio.ch.SocketOutputStream",
            "java.io.FileInputStream",
            "java.io.FileOutputStream",
            "java.io.ByteArrayInputStream",
            "java.io.ByteArrayOutputStream",
            InputStream.nullInputStream().getClass().getName(),
            OutputStream.nullOutputStream().getClass().getName());

    private JdkChannels() {}

    /**
     * Returns whether a channel or stream is one of the JDK's own that pass bytes on unchanged and keep no buffer.
     * Everything else is foreign. Anyone may extend {@link FileChannel} or {@link java.nio.channels.SocketChannel}, and
     * TLS channels do. A wrapper of the JDK around another stream or channel passes the memory on to that one.
     */
    public static boolean isOfJdk(Closeable end) {
        return end != null
                && end.getClass().getModule() == Object.class.getModule()
                && OF_JDK.contains(end.getClass().getName());
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
