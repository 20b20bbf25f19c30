package io.zerocopy.spi;

import java.util.Objects;

/**
 * What is known about one end before anything moves; enough for every strategy to judge the pair without a system
 * call. Immutable.
 *
 * @param kind what it is
 * @param size bytes in a {@link Kind#FILE} or {@link Kind#MEMORY} when it was described; -1 for all else, and for a file
 *     whose size has not been asked for, see {@link Endpoint#size()}
 * @param append whether writes go to the end whatever position is named
 * @param blocking whether the caller left it in blocking mode (true for all that have no such mode)
 * @param descriptor whether its port holds a file descriptor that system calls can use
 * @param device {@code st_dev}, or 0 when unknown
 * @param inode {@code st_ino}, or 0 when unknown
 * @param fileSystem name of the file system's type, such as {@code ext4}; of memory, where it lies: {@code direct},
 *     {@code heap} or {@code mixed}; of a socket whose peer is on this machine, {@code loopback}; empty when unknown or
 *     meaningless
 * @param copiesBecause why memory is not to be sent from here in place any more: what the kernel said when it was asked
 *     to; empty where it has not said anything
 * @param direct whether it is a file that was opened to be read and written past the page cache, where only whole blocks
 *     can be
 * @param jdkFile whether it is a file behind one of the JDK's own file channels, whose {@code transferTo}, {@code
 *     transferFrom} and {@code map} can be called
 */
public record Facts(
        Kind kind,
        long size,
        boolean append,
        boolean blocking,
        boolean descriptor,
        long device,
        long inode,
        String fileSystem,
        String copiesBecause,
        boolean direct,
        boolean jdkFile) {
    /**
     * Checks that nothing is missing.
     *
     * @param kind what it is
     * @param size bytes in it, or -1
     * @param append whether writes go to the end
     * @param blocking whether it is in blocking mode
     * @param descriptor whether its port holds a descriptor
     * @param device {@code st_dev}
     * @param inode {@code st_ino}
     * @param fileSystem the file system's type
     * @param copiesBecause why memory is not to be sent from here in place
     * @param direct whether it was opened past the page cache
     * @param jdkFile whether a file channel of the JDK is behind it
     */
    public Facts {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(fileSystem, "fileSystem");
        Objects.requireNonNull(copiesBecause, "copiesBecause");
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
     * @param copiesBecause why memory is not to be sent from here in place
     * @param direct whether it was opened past the page cache
     */
    public Facts(
            Kind kind,
            long size,
            boolean append,
            boolean blocking,
            boolean descriptor,
            long device,
            long inode,
            String fileSystem,
            String copiesBecause,
            boolean direct) {
        this(kind, size, append, blocking, descriptor, device, inode, fileSystem, copiesBecause, direct, kind.isFile());
    }

    /**
     * Facts about an end of which nothing is known against sending from memory in place.
     *
     * @param kind what it is
     * @param size bytes in it, or -1
     * @param append whether writes go to the end
     * @param blocking whether it is in blocking mode
     * @param descriptor whether its port holds a descriptor
     * @param device {@code st_dev}
     * @param inode {@code st_ino}
     * @param fileSystem the file system's type
     */
    public Facts(
            Kind kind,
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
     * Facts about an end of which only the kind is known.
     *
     * @param kind what it is
     * @param size bytes in it, or -1 when unknown
     * @param blocking whether it is in blocking mode
     * @return facts without descriptor, identity and file system
     */
    public static Facts of(Kind kind, long size, boolean blocking) {
        return new Facts(kind, size, false, blocking, false, 0, 0, "");
    }

    /**
     * The same end with its size.
     *
     * @param bytes its size, or -1
     * @return facts that differ in nothing else
     */
    public Facts withSize(long bytes) {
        return bytes == size ? this : with(bytes, append, direct, jdkFile);
    }

    /**
     * The same end, a file whose channel is none of the JDK's file channels.
     *
     * @return facts that differ in nothing else
     */
    public Facts withoutJdkFile() {
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
    public Facts opened(long bytes, boolean appends, boolean bypasses) {
        return with(bytes, appends, bypasses, jdkFile);
    }

    private Facts with(long bytes, boolean appends, boolean bypasses, boolean ofTheJdk) {
        return new Facts(
                kind,
                bytes,
                appends,
                blocking,
                descriptor,
                device,
                inode,
                fileSystem,
                copiesBecause,
                bypasses,
                ofTheJdk);
    }

    /**
     * Tells whether two ends are surely one file.
     *
     * @param other the other end
     * @return true if both have an identity and it is the same
     */
    public boolean sameFile(Facts other) {
        return inode != 0 && inode == other.inode && device == other.device;
    }

    /**
     * Names the end for people.
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
