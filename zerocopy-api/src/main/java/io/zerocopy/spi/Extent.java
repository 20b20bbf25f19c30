package io.zerocopy.spi;

/**
 * A range of a file that holds data. The range between two extents is a hole: it reads as zeros and takes no space.
 * Space that was allocated but never written also counts as a hole. Immutable; two extents are equal if their ranges are.
 */
public final class Extent {
    private final long start;
    private final long end;

    /**
     * Creates an extent.
     *
     * @param start file position of its first byte
     * @param end file position after its last byte, at least {@code start}; both are the file's size if no data follows
     * @throws IllegalArgumentException if there is no such range
     */
    public Extent(long start, long end) {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("no extent: [" + start + ", " + end + ")");
        }
        this.start = start;
        this.end = end;
    }

    /**
     * Returns where the data begins.
     *
     * @return file position of the first byte
     */
    public long start() {
        return start;
    }

    /**
     * Returns where the data ends.
     *
     * @return file position after the last byte
     */
    public long end() {
        return end;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Extent that && start == that.start && end == that.end;
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(start) + Long.hashCode(end);
    }

    @Override
    public String toString() {
        return "Extent[start=" + start + ", end=" + end + "]";
    }
}
