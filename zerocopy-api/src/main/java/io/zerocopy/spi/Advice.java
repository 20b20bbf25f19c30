package io.zerocopy.spi;

/** How bytes of a file, or of memory over one, are going to be used; see posix_fadvise(2) and madvise(2). */
public enum Advice {
    /** Nothing is known. */
    NORMAL,
    /** From the first to the last: read ahead more, and let go soon. */
    SEQUENTIAL,
    /** Here and there: do not read ahead. */
    RANDOM,
    /** Soon: begin to read. */
    WILL_NEED,
    /** Not soon: the memory may be used for something else. Nothing is lost, it can be read again. */
    DONT_NEED
}
