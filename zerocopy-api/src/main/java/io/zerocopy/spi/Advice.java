package io.zerocopy.spi;

/** How the caller will use bytes of a file or of a file's mapping; see posix_fadvise(2) and madvise(2). */
public enum Advice {
    /** No advice: the kernel's default. */
    NORMAL,
    /** In order: read ahead more, and drop pages soon after. */
    SEQUENTIAL,
    /** In random order: do not read ahead. */
    RANDOM,
    /** Soon: start to read. */
    WILL_NEED,
    /** Not soon: the kernel may reuse the memory. No data is lost; it can be read again. */
    DONT_NEED
}
