package io.zerocopy.spi;

/**
 * A stretch of a file that holds data. What lies between two of them is a hole: it reads as zeros and takes no space.
 * Space that was allocated and never written to counts as a hole, too.
 *
 * @param start file position of its first byte
 * @param end file position behind its last byte, at least {@code start}; both are the file's size where no data is left
 */
public record Extent(long start, long end) {
    /**
     * Checks the order.
     *
     * @param start as above
     * @param end as above
     */
    public Extent {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("no extent: [" + start + ", " + end + ")");
        }
    }
}
