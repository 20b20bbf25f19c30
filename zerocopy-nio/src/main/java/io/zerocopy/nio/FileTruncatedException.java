package io.zerocopy.nio;

import io.zerocopy.spi.Nullable;

/**
 * A mapped page could not be accessed: usually because the file was truncated while it was mapped, otherwise because
 * its disk failed, or because a write to a hole found the disk full. The mapping stays; the bytes before {@link #sizeNow()} can still be read.
 */
public final class FileTruncatedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /** Bytes that were mapped. */
    private final long mappedSize;

    /** Bytes that were left when this was noticed. */
    private final long sizeNow;

    /**
     * Creates the exception.
     *
     * @param mappedSize bytes that were mapped
     * @param sizeNow how many of them the file still has, or -1 if this is unknown
     * @param cause the JVM's error; null if nothing has been accessed
     */
    public FileTruncatedException(long mappedSize, long sizeNow, @Nullable Throwable cause) {
        this("", mappedSize, sizeNow, cause);
    }

    /**
     * Creates the exception.
     *
     * @param file the path of the file, for the message; empty if it is not known
     * @param mappedSize as above
     * @param sizeNow as above
     * @param cause as above
     */
    public FileTruncatedException(String file, long mappedSize, long sizeNow, @Nullable Throwable cause) {
        super((file.isEmpty() ? "" : file + ": ") + message(mappedSize, sizeNow), cause);
        this.mappedSize = mappedSize;
        this.sizeNow = sizeNow;
    }

    private static String message(long mappedSize, long sizeNow) {
        return sizeNow >= 0 && sizeNow < mappedSize
                ? "the file was truncated beneath its mapping: " + sizeNow + " of " + mappedSize + " bytes are left"
                : "a page of the mapped file cannot be accessed: its disk has failed, or is full where a hole was written";
    }

    /**
     * Returns how many bytes were mapped.
     *
     * @return bytes
     */
    public long mappedSize() {
        return mappedSize;
    }

    /**
     * Returns how many of the mapped bytes the file still had.
     *
     * @return bytes; -1 if unknown
     */
    public long sizeNow() {
        return sizeNow;
    }
}
