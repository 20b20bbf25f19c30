package io.zerocopy.linux.internal;

import io.zerocopy.linux.DescriptorChannel;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
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
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.IntSupplier;

/** Finds the descriptor behind a channel, the channel behind a stream, and what either is. */
final class Descriptors {
    /** A class of the JDK and the field in which it keeps what it wraps. */
    private record Field(String type, String name, String signature) {}

    private static final String OBJECT = "Ljava/lang/Object;";
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
    private final Recent recent = new Recent();

    Descriptors(Syscalls sys) {
        this.sys = sys;
    }

    /** The handle of an open channel; null where there is no descriptor, or it is not surely the channel's. */
    Handle handle(Channel channel) {
        Handle known = recent.get(channel);
        if (known == null) {
            if (!ofTheJdk(channel) && !(channel instanceof Fifo) && !(channel instanceof DescriptorChannel)) {
                return null; // not even to be asked for its hash code
            }
            known = handles.get(channel);
            known = known != null ? known : find(channel);
            if (known == null) {
                return null;
            }
            recent.put(channel, known);
        }
        return known.kind() == Kind.TCP && channel instanceof SocketChannel socket && isTimed(socket) ? null : known;
    }

    private Handle find(Channel channel) {
        try {
            int fd = channel instanceof Fifo fifo ? fifo.fd() : fd(channel);
            Object lock = JdkFields.readObject(channel, "closeLock", OBJECT);
            Handle found = fd < 0 || lock == null ? null : inspect(channel, fd, lock);
            if (found == null && lock != null && channel instanceof Fifo fifo) {
                found = fifo.handle(lock); // which nobody else can read or write
            }
            if (found == null) {
                return null;
            }
            // All transfers of a channel must count on one handle: two would undo each other's non-blocking flag.
            Handle first = handles.putIfAbsent(channel, found);
            return first == null ? found : first;
        } catch (LinkageError otherJdk) {
            return null; // a JDK that keeps these elsewhere: NIO does the work
        }
    }

    /** Remembers the descriptor of a channel that cannot be asked for it. */
    Handle adopt(Channel channel, int fd) {
        Handle found = fd < 0 ? null : inspect(channel, fd, JdkFields.readObject(channel, "closeLock", OBJECT));
        if (found == null) {
            throw new IllegalArgumentException(
                    "descriptor " + fd + " is not open, or neither socket, pipe, file nor device");
        }
        handles.put(channel, found);
        return found;
    }

    /**
     * Whether somebody reads the socket with a timeout. Such a read switches the descriptor's mode to and fro, and so
     * would take it away under a transfer, or lose its timeout to one; the two do not go together.
     */
    private static boolean isTimed(SocketChannel socket) {
        try {
            return socket.isOpen() && socket.socket().getSoTimeout() > 0;
        } catch (SocketException closed) {
            return false;
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
                if (kind == null) {
                    return null;
                }
                boolean stream = kind == Kind.VIRTUAL_FILE && sys.lseek(fd, 0, C.SEEK_CUR) == -Errno.ESPIPE;
                boolean waits = stream || kind == Kind.PIPE || kind.isSocket() || inode.waits();
                Kind seen = stream ? Kind.DEVICE : kind; // such as trace_pipe of tracefs: a file by name alone
                String where = kind == Kind.TCP && isLoopback(channel) ? Handle.LOOPBACK : Inode.name(type);
                return new Handle(fd, lock, modeLock(channel), seen, waits, flags, inode, where);
            }
        } finally {
            memory.release();
        }
    }

    /** Whether a socket's peer is surely on this machine. */
    private static boolean isLoopback(Channel channel) {
        try {
            return channel instanceof SocketChannel socket
                    && socket.getRemoteAddress() instanceof InetSocketAddress remote
                    && socket.getLocalAddress() instanceof InetSocketAddress local
                    && (remote.getAddress().isLoopbackAddress()
                            || remote.getAddress().equals(local.getAddress()));
        } catch (IOException closed) {
            return false;
        }
    }

    private static Object modeLock(Channel channel) {
        return Readiness.hasVirtualThreads() && channel instanceof SelectableChannel
                ? JdkFields.readObject(channel, "stateLock", OBJECT)
                : null;
    }

    private Kind kind(Inode inode, long fileSystem, int fd, Memory memory) {
        if (inode.is(C.S_IFSOCK)) {
            int domain = option(fd, C.SO_DOMAIN, memory);
            int type = option(fd, C.SO_TYPE, memory);
            if (domain < 0 || type < 0) {
                return null; // the kernel does not say, which makes it no datagram socket
            }
            if (type != C.SOCK_STREAM) {
                throw new IllegalArgumentException(
                        "a datagram socket keeps message boundaries, which a byte transfer cannot");
            }
            return domain == C.AF_UNIX ? Kind.UNIX : domain == C.AF_INET || domain == C.AF_INET6 ? Kind.TCP : null;
        }
        return kind(inode, fileSystem);
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

    /** A socket's own stream gives up after the socket's read timeout, if there is one; its channel never does. */
    private static boolean timesOut(Closeable stream) {
        return stream.getClass().getName().equals("sun.nio.ch.SocketInputStream")
                && (!(JdkFields.readObject(stream, "timeoutSupplier", "Ljava/util/function/IntSupplier;")
                                instanceof IntSupplier timeout)
                        || timeout.getAsInt() != 0);
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
                    Channel channel = (Channel) JdkFields.readObject(stream, field.name(), field.signature());
                    return timesOut(stream) ? null : channel;
                } catch (LinkageError otherJdk) {
                    return null;
                }
            }
        }
        return null;
    }

    /** The C library and the JDK may encode a name differently, and a file that is there must not be taken for new. */
    private static boolean surelyMissing(Path path, String name) {
        return name.chars().allMatch(c -> c < 128) || Files.notExists(path);
    }

    /** A FIFO, opened so that the wait for its other end can end; null for everything else. */
    Channel open(Path path, Set<? extends OpenOption> options, Provider.Patience patience) throws IOException {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            return null;
        }
        Memory memory = Memory.take();
        try {
            Inode inode = Inode.of(sys, path.toAbsolutePath().toString(), memory);
            return inode != null && inode.is(C.S_IFIFO) ? Fifo.open(sys, path, inode, options, patience) : null;
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
            int result = Inode.look(sys, name, memory);
            Inode inode = Inode.read(result, memory);
            if (result == -Errno.ENOENT && target && surelyMissing(path, name)) {
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
