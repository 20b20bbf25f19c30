package io.zerocopy.spi;

import java.util.Objects;

/**
 * What is known about one end before anything moves. It is enough for every strategy to judge a pair without a system
 * call. Immutable.
 *
 * @param kind its kind
 * @param size bytes in a {@link EndpointKind#FILE} or {@link EndpointKind#MEMORY} when it was described; -1 for every other kind, and
 *     for a file whose size has not been read yet, see {@link Endpoint#size()}
 * @param append whether writes go to the end of the file, whatever position is given
 * @param blocking whether the caller left it in blocking mode (true for ends without such a mode)
 * @param descriptor whether its port holds a file descriptor that system calls can use
 * @param device {@code st_dev}, or 0 when unknown
 * @param inode {@code st_ino}, or 0 when unknown
 * @param fileSystem for a file, the type of its file system, such as {@code ext4}; for memory, {@code direct},
 *     {@code heap} or {@code mixed}; for a socket whose peer is on this machine, {@code loopback}; empty if unknown or
 *     meaningless
 * @param zerocopyRefusal why memory should no longer be sent in place to this end: what the kernel reported at an earlier
 *     attempt; empty if it has reported nothing
 * @param direct whether it is a file that was opened for direct I/O, which bypasses the page cache and moves whole
 *     blocks only
 * @param jdkFile whether it is a file behind one of the JDK's own file channels, whose {@code transferTo}, {@code
 *     transferFrom} and {@code map} can be called
 */
public record EndpointFacts(
        EndpointKind kind,
        long size,
        boolean append,
        boolean blocking,
        boolean descriptor,
        long device,
        long inode,
        String fileSystem,
        String zerocopyRefusal,
        boolean direct,
        boolean jdkFile) {
    /**
     * Checks that no component is null.
     *
     * @param kind its kind
     * @param size bytes in it, or -1
     * @param append whether writes go to the end
     * @param blocking whether it is in blocking mode
     * @param descriptor whether its port holds a descriptor
     * @param device {@code st_dev}
     * @param inode {@code st_ino}
     * @param fileSystem the file system's type
     * @param zerocopyRefusal why memory should not be sent in place to this end
     * @param direct whether it was opened for direct I/O
     * @param jdkFile whether a file channel of the JDK is behind it
     */
    public EndpointFacts {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(fileSystem, "fileSystem");
        Objects.requireNonNull(zerocopyRefusal, "zerocopyRefusal");
    }

    /**
     * Facts about an end that has a file channel of the JDK if it is a file.
     *
     * @param kind what it is
     * @param size bytes in it, or -1
     * @param append whether writes go to the end
     * @param blocking whether it is in blocking mode
     * @param descriptor whether its port holds a descriptor
     * @param device {@code st_dev}
     * @param inode {@code st_ino}
     * @param fileSystem the file system's type
     * @param zerocopyRefusal why memory is not to be sent from here in place
     * @param direct whether it was opened past the page cache
     */
    public EndpointFacts(
            EndpointKind kind,
            long size,
            boolean append,
            boolean blocking,
            boolean descriptor,
            long device,
            long inode,
            String fileSystem,
            String zerocopyRefusal,
            boolean direct) {
        this(
                kind,
                size,
                append,
                blocking,
                descriptor,
                device,
                inode,
                fileSystem,
                zerocopyRefusal,
                direct,
                kind.isFile());
    }

    /**
     * Creates facts about an end without direct I/O, to which memory can be sent in place as far as is known.
     *
     * @param kind its kind
     * @param size bytes in it, or -1
     * @param append whether writes go to the end
     * @param blocking whether it is in blocking mode
     * @param descriptor whether its port holds a descriptor
     * @param device {@code st_dev}
     * @param inode {@code st_ino}
     * @param fileSystem the file system's type
     */
    public EndpointFacts(
            EndpointKind kind,
            long size,
            boolean append,
            boolean blocking,
            boolean descriptor,
            long device,
            long inode,
            String fileSystem) {
        this(kind, size, append, blocking, descriptor, device, inode, fileSystem, "", false);
    }

    /**
     * Creates facts about an end of which only the kind is known.
     *
     * @param kind its kind
     * @param size bytes in it, or -1 if unknown
     * @param blocking whether it is in blocking mode
     * @return facts without a descriptor, identity and file system
     */
    public static EndpointFacts of(EndpointKind kind, long size, boolean blocking) {
        return new EndpointFacts(kind, size, false, blocking, false, 0, 0, "");
    }

    /**
     * Returns the same facts with another size.
     *
     * @param bytes its size, or -1
     * @return facts that differ only in the size
     */
    public EndpointFacts withSize(long bytes) {
        return bytes == size ? this : with(bytes, append, direct, jdkFile);
    }

    /**
     * The same end, a file whose channel is none of the JDK's file channels.
     *
     * @return facts that differ in nothing else
     */
    public EndpointFacts withoutJdkFile() {
        return jdkFile ? with(size, append, direct, false) : this;
    }

    /**
     * The same file as it is once it was opened in a certain way.
     *
     * @param bytes its size, or -1
     * @param appends whether it is opened for append
     * @param bypasses whether it is opened past the page cache
     * @return facts that differ in nothing else
     */
    public EndpointFacts opened(long bytes, boolean appends, boolean bypasses) {
        return with(bytes, appends, bypasses, jdkFile);
    }

    private EndpointFacts with(long bytes, boolean appends, boolean bypasses, boolean ofTheJdk) {
        return new EndpointFacts(
                kind,
                bytes,
                appends,
                blocking,
                descriptor,
                device,
                inode,
                fileSystem,
                zerocopyRefusal,
                bypasses,
                ofTheJdk);
    }

    /**
     * Returns whether two ends are certainly the same file.
     *
     * @param other the other end
     * @return true if both have an identity and the identities are equal
     */
    public boolean sameFile(EndpointFacts other) {
        return inode != 0 && inode == other.inode && device == other.device;
    }

    /**
     * Returns a description of the end for people.
     *
     * @return such as {@code ext4 file, 4096 bytes}
     */
    public String label() {
        StringBuilder label = new StringBuilder();
        if (!fileSystem.isEmpty()) {
            label.append(fileSystem).append(' ');
        }
        label.append(kind.label());
        if (size >= 0) {
            label.append(", ").append(size).append(" bytes");
        }
        return label.append(append ? ", append" : "").toString();
    }
}
