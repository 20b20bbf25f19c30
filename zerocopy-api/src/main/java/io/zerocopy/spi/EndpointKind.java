package io.zerocopy.spi;

/** The kind of an end of a transfer: from the kernel if there is a descriptor, otherwise from the channel's class. */
public enum EndpointKind {
    /** A regular file whose size can be trusted. */
    FILE("file"),
    /** A regular file whose size means nothing: procfs, sysfs, and any empty file on an unknown file system. */
    VIRTUAL_FILE("virtual file"),
    /** A character or block device. */
    DEVICE("device"),
    /** An anonymous pipe or a FIFO. */
    PIPE("pipe"),
    /** A TCP socket. */
    TCP("TCP socket"),
    /** A Unix-domain stream socket. */
    UNIX("Unix socket"),
    /** The caller's byte buffers. */
    MEMORY("memory"),
    /** A {@code java.io} stream of which only its read or write method is known. */
    STREAM("stream"),
    /** A channel of which only its read or write method is known. */
    OPAQUE("opaque channel");

    private final String label;

    EndpointKind(String label) {
        this.label = label;
    }

    /**
     * Returns the kind's name for people.
     *
     * @return a noun
     */
    public String label() {
        return label;
    }

    /**
     * Returns whether bytes are addressed by position.
     *
     * @return true for {@link #FILE} and {@link #VIRTUAL_FILE}
     */
    public boolean isFile() {
        return this == FILE || this == VIRTUAL_FILE;
    }

    /**
     * Returns whether this is a stream socket.
     *
     * @return true for {@link #TCP} and {@link #UNIX}
     */
    public boolean isSocket() {
        return this == TCP || this == UNIX;
    }
}
