package io.zerocopy.internal.memory;

/**
 * How many bytes are moved through a buffer or a mapping at once, and from which size on a separate call is worth its
 * cost.
 */
public final class BufferSizes {
    /** The size of a default pipe; enough for a small transfer or for one write of a heap buffer. */
    public static final int SMALL = 64 << 10;

    /** For sockets and streams: about as much as a socket's buffers take at once. More would only wait in the JVM. */
    public static final int MEDIUM = 256 << 10;

    /** For file to file: a call costs as much as copying some 10 KiB, so with 1 MiB its cost is negligible. */
    public static final int LARGE = 1 << 20;

    /**
     * The size of the first buffer for foreign code, which is not pooled: twice the size that the JDK's streams use.
     */
    public static final int FIRST_SHOWN = 16 << 10;

    /** From this size on, a separate call for a direct buffer is cheaper than copying the buffer once more. */
    public static final int WORTH_A_CALL = 16 << 10;

    /**
     * The most bytes of a file that are mapped at once: large enough to make the cost of mapping negligible, small
     * enough for a 32-bit address space.
     */
    public static final long MAPPED = 64 << 20;

    private BufferSizes() {}
}
