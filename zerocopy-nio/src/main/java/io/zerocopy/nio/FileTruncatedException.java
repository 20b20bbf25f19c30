package io.zerocopy.nio;

import io.zerocopy.spi.Nullable;

/**
 * A mapped page could not be reached: as a rule because the file was cut short beneath the mapping, else because its
 * disk failed. The mapping stays; what lies before {@link #sizeNow()} can still be read.
 */
public final class FileTruncatedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /** Bytes that were mapped. */
    private final long mappedSize;

    /** Bytes that were left when this was found out. */
    private final long sizeNow;

    /**
     * Says what is left.
     *
     * @param mappedSize bytes that were mapped
     * @param sizeNow bytes of them that the file still has, or -1 if it cannot be asked
     * @param cause what the JVM said; null if nothing has been accessed
     */
    public FileTruncatedException(long mappedSize, long sizeNow, @Nullable Throwable cause) {
        super(message(mappedSize, sizeNow), cause);
        this.mappedSize = mappedSize;
        this.sizeNow = sizeNow;
    }

    private static String message(long mappedSize, long sizeNow) {
        return sizeNow >= 0 && sizeNow < mappedSize
                ? "the file was truncated beneath its mapping: " + sizeNow + " of " + mappedSize + " bytes are left"
                : "a page of the mapped file cannot be read";
    }

    /**
     * Tells how much was mapped.
     *
     * @return bytes
     */
    public long mappedSize() {
        return mappedSize;
    }

    /**
     * Tells how much of that the file still had.
     *
     * @return bytes; -1 if it could not be asked
     */
    public long sizeNow() {
        return sizeNow;
    }
}
