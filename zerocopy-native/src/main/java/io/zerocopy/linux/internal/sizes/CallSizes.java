package io.zerocopy.linux.internal.sizes;

/**
 * How many bytes one system call is asked for where the mechanism itself sets a limit, and from how many bytes on an extra call
 * is worth its cost. How much a whole step moves, and which mechanism serves how many bytes, is for the loop's own tables. Sizes
 * that the kernel prescribes, such as those of blocks and structures, stand with the calls that they belong to.
 */
public final class CallSizes {
    /** Of copy_file_range(2): glibc 2.41 and 2.42 return nonsense above 2 GiB. */
    public static final long COPY_FILE_RANGE = 1L << 30;

    /** Of a splice through a pipe. With default limits larger pipes need privileges, and smaller ones cost more calls. */
    public static final int PIPE = 1 << 20;

    /** Of the read after a copy call has moved nothing: the next copy call is expected to go on behind these bytes. */
    public static final int PLAIN_COPY = 64 << 10;

    /** Of a read or write past the page cache: twice as many were not faster, see BENCHMARK.md, file to file. */
    public static final int DIRECT_BLOCK = 512 << 10;

    /** Of a read or write of a {@code DirectFile} into aligned memory: the kernel would cut a larger one short. */
    public static final int DIRECT_FILE = 1 << 30;

    /** Of a read or write of memory on the heap: about as much as a socket's buffers take at once. */
    public static final int HEAP = 256 << 10;

    /**
     * Of a file, up to so many bytes are not looked up in the page cache: the look costs a call each time, and a disk reads so
     * few within some milliseconds.
     */
    public static final int NOT_LOOKED_UP = 1 << 20;

    /** As above, if a close of a socket or pipe waits for the call: a disk of 1 MB/s reads so few within 200 ms. */
    public static final int NOT_LOOKED_UP_FOR_A_FLOW = 128 << 10;

    /** Of a write from a mapping to a socket or pipe, whose pages are read before: no socket takes much more at once. */
    public static final int MAPPED = 1 << 20;

    /** Of a file, most bytes that are looked up in the page cache at once, and that one call copies. */
    public static final long LOOKED_UP = 64 << 20;

    /** No less is looked up at once, however little the target takes: the look then costs no more than the call itself. */
    public static final int LEAST_LOOKED_UP = 256 << 10;

    /** The first read of pages that are not in memory: as much as the kernel reads ahead in any case. */
    public static final int FIRST_COLD = 128 << 10;

    /** Such a read takes no less, however slow the disk is: with 1 MB/s so few bytes take 16 ms. */
    public static final int LEAST_COLD = 16 << 10;

    /** Such a read takes no more: a disk that reads 160 MB/s takes {@link #COLD_NANOS} for it. */
    public static final int MOST_COLD = 8 << 20;

    /** How long such a read should take. */
    public static final long COLD_NANOS = 50_000_000;

    /** From so many bytes on a file is always searched for holes: at 1 MiB the search takes 3 of 90 µs, from here on less. */
    public static final int SEARCHED_FOR_HOLES = 4 << 20;

    private CallSizes() {}
}
