package io.zerocopy.spi;

/** What an end of a transfer is. Told by the kernel where there is a descriptor, else by the channel's class. */
public enum Kind {
    /** A regular file whose size can be trusted. */
    FILE("file"),
    /** A regular file whose size says nothing: procfs, sysfs, and any empty file where the file system is not known. */
    VIRTUAL_FILE("virtual file"),
    /** A character or block device. */
    DEVICE("device"),
    /** An anonymous pipe or a FIFO. */
    PIPE("pipe"),
    /** A TCP socket. */
    TCP("TCP socket"),
    /** A Unix-domain stream socket. */
    UNIX("Unix socket"),
    /** Byte buffers of the caller. */
    MEMORY("memory"),
    /** A {@code java.io} stream of which nothing is known but how to read or write it. */
    STREAM("stream"),
    /** A channel of which nothing is known but how to read or write it. */
    OPAQUE("opaque channel");

    private final String label;

    Kind(String label) {
        this.label = label;
    }

    /**
     * Names the kind for people.
     *
     * @return a noun
     */
    public String label() {
        return label;
    }

    /**
     * Tells whether bytes are found by position.
     *
     * @return true for {@link #FILE} and {@link #VIRTUAL_FILE}
     */
    public boolean isFile() {
        return this == FILE || this == VIRTUAL_FILE;
    }

    /**
     * Tells whether this is a stream socket.
     *
     * @return true for {@link #TCP} and {@link #UNIX}
     */
    public boolean isSocket() {
        return this == TCP || this == UNIX;
    }
}
