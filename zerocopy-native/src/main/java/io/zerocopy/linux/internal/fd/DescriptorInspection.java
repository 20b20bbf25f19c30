package io.zerocopy.linux.internal.fd;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.jdk.JdkFields;
import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.internal.stat.FileSystemTypes;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.spi.EndpointKind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;

/** Asks the kernel what a descriptor is, when its channel is first seen. */
final class DescriptorInspection {
    private final Syscalls sys;
    private final FileSystemTypes types;
    private final int fd;
    private final Memory memory;

    private DescriptorInspection(Syscalls sys, FileSystemTypes types, int fd, Memory memory) {
        this.sys = sys;
        this.types = types;
        this.fd = fd;
        this.memory = memory;
    }

    /**
     * A lease of a channel that does not share its mode yet; null if the channel is not open or its kind is unknown.
     */
    static ChannelLease lease(Syscalls sys, FileSystemTypes types, Channel channel, int fd, Object closeLock) {
        Memory memory = Memory.take();
        try {
            DescriptorInspection inspection = new DescriptorInspection(sys, types, fd, memory);
            return ChannelLease.looking(channel, closeLock, () -> inspection.lease(channel, closeLock));
        } finally {
            memory.release();
        }
    }

    private ChannelLease lease(Channel channel, Object closeLock) {
        RegularFile file = channel instanceof RegularFile opened ? opened : null; // of which both are known
        FileStatus status = file == null ? FileStatus.of(sys, fd, memory) : file.status();
        int flags = file == null ? sys.fcntl(fd, C.F_GETFL, 0) : C.O_RDONLY;
        if (status == null || flags < 0) {
            return null;
        }
        if ((flags & C.O_PATH) != 0) {
            throw new IllegalArgumentException(
                    "descriptor " + fd + " was opened with O_PATH: it stands for a name, and has no bytes");
        }
        if (status.is(C.S_IFDIR)) {
            throw new IllegalArgumentException("this is a directory, which has no bytes to move");
        }
        long type = status.is(C.S_IFREG) ? types.of(fd, status, memory) : 0;
        EndpointKind kind = status.is(C.S_IFSOCK) ? socket() : kind(status, type);
        if (kind == null) {
            return null;
        }
        boolean stream = kind == EndpointKind.VIRTUAL_FILE && hasNoPositions(sys, fd);
        boolean waits = stream || kind == EndpointKind.PIPE || kind.isSocket() || status.waits();
        EndpointKind seen = stream ? EndpointKind.DEVICE : kind; // such as trace_pipe of tracefs: no true file
        String where = kind == EndpointKind.TCP && isLoopback(channel) ? ChannelLease.LOOPBACK : FileStatus.name(type);
        return new ChannelLease(channel, fd, closeLock, modeLock(channel), seen, waits, flags, status).in(where);
    }

    private static boolean hasNoPositions(Syscalls sys, int fd) {
        long position = sys.lseek(fd, 0, C.SEEK_CUR);
        return position < 0 && ErrnoTable.of(Call.SEEK_CUR, position, false).declines();
    }

    /** The lock under which the JDK sets a channel's mode, and under which none of its threads waits. */
    private static Object modeLock(Channel channel) {
        return channel instanceof SelectableChannel
                ? JdkFields.readObject(channel, "stateLock", "Ljava/lang/Object;")
                : null;
    }

    /** Whether a socket's peer is surely on this machine. */
    static boolean isLoopback(Channel channel) {
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

    private EndpointKind socket() {
        int domain = option(C.SO_DOMAIN);
        int type = option(C.SO_TYPE);
        if (domain < 0 || type < 0) {
            return null; // the kernel does not say, so it is no datagram socket
        }
        if (type != C.SOCK_STREAM) {
            throw new IllegalArgumentException(
                    "a datagram socket keeps message boundaries, which a byte transfer cannot");
        }
        return domain == C.AF_UNIX
                ? EndpointKind.UNIX
                : domain == C.AF_INET || domain == C.AF_INET6 ? EndpointKind.TCP : null;
    }

    private int option(int name) {
        memory.putInt(0, -1).putInt(8, Integer.BYTES);
        int result = sys.getsockopt(fd, C.SOL_SOCKET, name, memory.address(), memory.address(8));
        return result < 0 ? result : memory.getInt(0);
    }

    /** The kind of a descriptor that is no socket; null if it is unknown. */
    static EndpointKind kind(FileStatus status, long fileSystem) {
        if (status.is(C.S_IFREG)) {
            return status.sizeSaysNothing(fileSystem) ? EndpointKind.VIRTUAL_FILE : EndpointKind.FILE;
        }
        if (status.is(C.S_IFIFO)) {
            return EndpointKind.PIPE;
        }
        return status.is(C.S_IFCHR) || status.is(C.S_IFBLK) ? EndpointKind.DEVICE : null;
    }
}
