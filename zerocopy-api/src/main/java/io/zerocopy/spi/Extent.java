package io.zerocopy.spi;

/**
 * A range of a file that holds data. The range between two extents is a hole: it reads as zeros and takes no space.
 * Space that was allocated but never written also counts as a hole.
 *
 * @param start file position of its first byte
 * @param end file position after its last byte, at least {@code start}; both are the file's size if no data follows
 */
public record Extent(long start, long end) {
    /**
     * Checks that the range is valid.
     *
     * @param start see the record
     * @param end see the record
     */
    public Extent {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("no extent: [" + start + ", " + end + ")");
        }
    }
}
