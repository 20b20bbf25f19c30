package io.zerocopy.linux.internal;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Memory;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Provider;
import java.io.Closeable;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/** Finds the descriptor behind a channel, the channel behind a stream, and what either is. */
final class Descriptors {
    /** A class of the JDK and the field in which it keeps what it wraps. */
    private record Field(String type, String name, String signature) {}

    private static final String READABLE = "Ljava/nio/channels/ReadableByteChannel;";
    private static final String WRITABLE = "Ljava/nio/channels/WritableByteChannel;";
    private static final String SOCKET = "Lsun/nio/ch/SocketChannelImpl;";

    /** The streams of {@code Channels} and {@code Files} over a channel. Any other stream may transform its bytes. */
    private static final List<Field> STREAMS = List.of(
            new Field("sun.nio.ch.ChannelInputStream", "ch", READABLE),
            new Field("sun.nio.ch.ChannelOutputStream", "ch", WRITABLE), // 19 and newer
            new Field("java.nio.channels.Channels$1", "val$ch", WRITABLE), // newOutputStream, 17
            new Field("sun.nio.ch.SocketInputStream", "sc", SOCKET), // 19 and newer
            new Field("sun.nio.ch.SocketOutputStream", "sc", SOCKET));

    /** Channels with an int of their own; of a file channel the descriptor is an object. */
    private static final List<String> WITH_FD_VAL =
            List.of("sun.nio.ch.SocketChannelImpl", "sun.nio.ch.SourceChannelImpl", "sun.nio.ch.SinkChannelImpl");

    private final Syscalls sys;
    private final Map<Channel, Handle> handles = Collections.synchronizedMap(new WeakHashMap<>());

    Descriptors(Syscalls sys) {
        this.sys = sys;
    }

    /** The handle of an open channel; null where there is no descriptor, or it is not surely the channel's. */
    Handle handle(Channel channel) {
        Handle known = handles.get(channel);
        if (known != null) {
            return known;
        }
        if (!ofTheJdk(channel) && !(channel instanceof Fifo)) {
            return null;
        }
        try {
            int fd = channel instanceof Fifo fifo ? fifo.fd() : fd(channel);
            Object lock = JdkFields.readObject(channel, "closeLock", "Ljava/lang/Object;");
            Handle found = fd < 0 || lock == null ? null : inspect(channel, fd, lock);
            if (found != null) {
                handles.put(channel, found);
            }
            return found;
        } catch (LinkageError otherJdk) {
            return null; // a JDK that keeps these elsewhere: NIO does the work
        }
    }

    private static boolean ofTheJdk(Object object) {
        return object.getClass().getModule() == Object.class.getModule();
    }

    private static int fd(Channel channel) {
        String type = channel.getClass().getName();
        if (WITH_FD_VAL.contains(type)) {
            return JdkFields.readInt(channel, "fdVal");
        }
        if (type.equals("sun.nio.ch.FileChannelImpl")) {
            Object descriptor = JdkFields.readObject(channel, "fd", "Ljava/io/FileDescriptor;");
            return descriptor == null ? -1 : JdkFields.readInt(descriptor, "fd");
        }
        return -1;
    }

    private Handle inspect(Channel channel, int fd, Object lock) {
        Memory memory = Memory.take();
        try {
            synchronized (lock) {
                if (!channel.isOpen()) {
                    return null;
                }
                Inode inode = Inode.of(sys, fd, memory);
                int flags = sys.fcntl(fd, C.F_GETFL, 0);
                if (inode == null || flags < 0) {
                    return null;
                }
                long type = inode.is(C.S_IFREG) ? Inode.type(sys.fstatfs(fd, memory.address()), memory) : 0;
                Kind kind = kind(inode, type, fd, memory);
                return kind == null ? null : new Handle(fd, lock, kind, flags, inode, Inode.name(type));
            }
        } finally {
            memory.release();
        }
    }

    private Kind kind(Inode inode, long type, int fd, Memory memory) {
        if (inode.is(C.S_IFSOCK)) {
            int domain = option(fd, C.SO_DOMAIN, memory);
            if (option(fd, C.SO_TYPE, memory) != C.SOCK_STREAM) {
                throw new IllegalArgumentException(
                        "a datagram socket keeps message boundaries, which a byte transfer" + " cannot");
            }
            return domain == C.AF_UNIX ? Kind.UNIX : domain == C.AF_INET || domain == C.AF_INET6 ? Kind.TCP : null;
        }
        return kind(inode, type);
    }

    private static Kind kind(Inode inode, long type) {
        if (inode.is(C.S_IFREG)) {
            return inode.sizeSaysNothing(type) ? Kind.VIRTUAL_FILE : Kind.FILE;
        }
        if (inode.is(C.S_IFIFO)) {
            return Kind.PIPE;
        }
        return inode.is(C.S_IFCHR) || inode.is(C.S_IFBLK) ? Kind.DEVICE : null;
    }

    private int option(int fd, int name, Memory memory) {
        memory.putInt(0, -1).putInt(8, Integer.BYTES);
        int result = sys.getsockopt(fd, C.SOL_SOCKET, name, memory.address(), memory.address(8));
        return result < 0 ? result : memory.getInt(0);
    }

    /** The channel that a stream of the JDK wraps without adding anything; null for every other stream. */
    static Channel unwrap(Closeable stream) {
        if (stream.getClass() == FileInputStream.class) {
            return ((FileInputStream) stream).getChannel();
        }
        if (stream.getClass() == FileOutputStream.class) {
            return ((FileOutputStream) stream).getChannel();
        }
        if (!ofTheJdk(stream)) {
            return null;
        }
        for (Field field : STREAMS) {
            if (field.type().equals(stream.getClass().getName())) {
                try {
                    return (Channel) JdkFields.readObject(stream, field.name(), field.signature());
                } catch (LinkageError otherJdk) {
                    return null;
                }
            }
        }
        return null;
    }

    /** A FIFO, opened so that the wait for its other end can end; null for everything else. */
    Channel open(Path path, boolean write, Provider.Patience patience) throws IOException {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            return null;
        }
        Memory memory = Memory.take();
        try {
            Inode inode = Inode.of(sys, path.toAbsolutePath().toString(), memory);
            return inode != null && inode.is(C.S_IFIFO) ? Fifo.open(sys, path, write, patience) : null;
        } finally {
            memory.release();
        }
    }

    /** Facts of a path without opening it; of a target that does not exist, those of the file that would be made. */
    Facts describe(Path path, boolean target) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            return null;
        }
        Memory memory = Memory.take();
        try {
            String name = path.toAbsolutePath().toString();
            Inode inode = Inode.of(sys, name, memory);
            if (inode == null && target) {
                String parent = new File(name).getParent();
                Inode directory = parent == null ? null : Inode.of(sys, parent, memory);
                String type =
                        directory == null ? "" : Inode.name(Inode.type(sys.statfs(parent, memory.address()), memory));
                return directory == null
                        ? null
                        : new Facts(Kind.FILE, 0, false, true, true, directory.device(), 0, type);
            }
            if (inode == null) {
                return null;
            }
            long type = inode.is(C.S_IFREG) ? Inode.type(sys.statfs(name, memory.address()), memory) : 0;
            Kind kind = kind(inode, type);
            long size = kind == Kind.FILE ? inode.size() : -1;
            return kind == null
                    ? null
                    : new Facts(kind, size, false, true, true, inode.device(), inode.number(), Inode.name(type));
        } finally {
            memory.release();
        }
    }
}
