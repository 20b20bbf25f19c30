package io.zerocopy.spi;

import java.util.Objects;

/**
 * What is known about one end before anything moves. It is enough for every strategy to judge a pair without a system
 * call. Immutable; two are equal if all facts are. The constructor takes what most ends have; every other fact has a
 * default and a method that returns changed facts.
 */
public final class EndpointFacts {
    private final EndpointKind kind;
    private final long size;
    private final boolean append;
    private final boolean blocking;
    private final boolean descriptor;
    private final long device;
    private final long inode;
    private final String fileSystem;
    private final String zerocopyRefusal;
    private final boolean direct;
    private final boolean jdkFile;

    /**
     * Creates facts about an end without direct I/O, to which memory can be sent in place as far as is known, and which
     * has a file channel of the JDK if it is a file.
     *
     * @param kind see {@link #kind()}
     * @param size see {@link #size()}
     * @param append see {@link #append()}
     * @param blocking see {@link #blocking()}
     * @param descriptor see {@link #descriptor()}
     * @param device see {@link #device()}
     * @param inode see {@link #inode()}
     * @param fileSystem see {@link #fileSystem()}
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
        this.kind = Objects.requireNonNull(kind, "kind");
        this.size = size;
        this.append = append;
        this.blocking = blocking;
        this.descriptor = descriptor;
        this.device = device;
        this.inode = inode;
        this.fileSystem = Objects.requireNonNull(fileSystem, "fileSystem");
        this.zerocopyRefusal = "";
        this.direct = false;
        this.jdkFile = kind.isFile();
    }

    private EndpointFacts(
            EndpointFacts from,
            long size,
            boolean append,
            boolean descriptor,
            String zerocopyRefusal,
            boolean direct,
            boolean jdkFile) {
        this.kind = from.kind;
        this.size = size;
        this.append = append;
        this.blocking = from.blocking;
        this.descriptor = descriptor;
        this.device = from.device;
        this.inode = from.inode;
        this.fileSystem = from.fileSystem;
        this.zerocopyRefusal = Objects.requireNonNull(zerocopyRefusal, "zerocopyRefusal");
        this.direct = direct;
        this.jdkFile = jdkFile;
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
        return bytes == size
                ? this
                : new EndpointFacts(this, bytes, append, descriptor, zerocopyRefusal, direct, jdkFile);
    }

    /**
     * Returns the same facts, with or without a descriptor.
     *
     * @param has whether its port has a descriptor
     * @return facts that differ only in this
     */
    public EndpointFacts withDescriptor(boolean has) {
        return has == descriptor ? this : new EndpointFacts(this, size, append, has, zerocopyRefusal, direct, jdkFile);
    }

    /**
     * Returns the same facts, with why memory should no longer be sent in place to this end.
     *
     * @param refusal what the kernel reported; empty for nothing
     * @return facts that differ only in this
     */
    public EndpointFacts withZerocopyRefusal(String refusal) {
        return refusal.equals(zerocopyRefusal)
                ? this
                : new EndpointFacts(this, size, append, descriptor, refusal, direct, jdkFile);
    }

    /**
     * Returns the same facts, with or without direct I/O.
     *
     * @param bypasses whether it was opened for direct I/O
     * @return facts that differ only in this
     */
    public EndpointFacts withDirect(boolean bypasses) {
        return bypasses == direct
                ? this
                : new EndpointFacts(this, size, append, descriptor, zerocopyRefusal, bypasses, jdkFile);
    }

    /**
     * Returns the facts of the same file, whose channel is not one of the JDK's own file channels.
     *
     * @return facts that differ only in this
     */
    public EndpointFacts withoutJdkFile() {
        return jdkFile ? new EndpointFacts(this, size, append, descriptor, zerocopyRefusal, direct, false) : this;
    }

    /**
     * Returns the facts of the same file as it is once it was opened in a certain way.
     *
     * @param bytes its size, or -1
     * @param appends whether it is opened for append
     * @param bypasses whether it is opened for direct I/O
     * @return facts that differ only in these
     */
    public EndpointFacts opened(long bytes, boolean appends, boolean bypasses) {
        return new EndpointFacts(this, bytes, appends, descriptor, zerocopyRefusal, bypasses, jdkFile);
    }

    /**
     * Returns its kind.
     *
     * @return the kind
     */
    public EndpointKind kind() {
        return kind;
    }

    /**
     * Returns its size when it was described.
     *
     * @return bytes in a {@link EndpointKind#FILE} or {@link EndpointKind#MEMORY}; -1 for every other kind, and for a
     *     file whose size has not been read yet, see {@link Endpoint#size()}
     */
    public long size() {
        return size;
    }

    /**
     * Returns whether writes go to the end of the file, whatever position is given.
     *
     * @return true if it is open for append
     */
    public boolean append() {
        return append;
    }

    /**
     * Returns whether the caller left it in blocking mode.
     *
     * @return true in blocking mode, and for ends without such a mode
     */
    public boolean blocking() {
        return blocking;
    }

    /**
     * Returns whether its port has a {@linkplain Endpoint#descriptor() descriptor}. Strategies are asked with facts that
     * say what the port returns, whatever its own facts say. In a provider's description of a path this says whether the port of the
     * opened path will have one.
     *
     * @return true if there is a descriptor
     */
    public boolean descriptor() {
        return descriptor;
    }

    /**
     * Returns the device of its file.
     *
     * @return {@code st_dev}, or 0 when unknown
     */
    public long device() {
        return device;
    }

    /**
     * Returns the number of its file.
     *
     * @return {@code st_ino}, or 0 when unknown
     */
    public long inode() {
        return inode;
    }

    /**
     * Returns what it lies on.
     *
     * @return for a file, the type of its file system, such as {@code ext4}; for memory, {@code direct}, {@code heap} or
     *     {@code mixed}; for a socket whose peer is on this machine, {@code loopback}; empty if unknown or meaningless
     */
    public String fileSystem() {
        return fileSystem;
    }

    /**
     * Returns why memory should no longer be sent in place to this end.
     *
     * @return what the kernel reported at an earlier attempt; empty if it has reported nothing
     */
    public String zerocopyRefusal() {
        return zerocopyRefusal;
    }

    /**
     * Returns whether it is a file that was opened for direct I/O, which bypasses the page cache and moves whole blocks
     * only.
     *
     * @return true for direct I/O
     */
    public boolean direct() {
        return direct;
    }

    /**
     * Returns whether it is a file behind one of the JDK's own file channels, whose {@code transferTo},
     * {@code transferFrom} and {@code map} can be called.
     *
     * @return true for such a file
     */
    public boolean jdkFile() {
        return jdkFile;
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

    @Override
    public boolean equals(Object other) {
        return other instanceof EndpointFacts that
                && kind == that.kind
                && size == that.size
                && append == that.append
                && blocking == that.blocking
                && descriptor == that.descriptor
                && device == that.device
                && inode == that.inode
                && fileSystem.equals(that.fileSystem)
                && zerocopyRefusal.equals(that.zerocopyRefusal)
                && direct == that.direct
                && jdkFile == that.jdkFile;
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, size, append, blocking, descriptor, device, inode, fileSystem);
    }

    @Override
    public String toString() {
        return "EndpointFacts[" + label() + "]";
    }
}
