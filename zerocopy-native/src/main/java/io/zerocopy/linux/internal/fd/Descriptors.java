package io.zerocopy.linux.internal.fd;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.jdk.JdkFields;
import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Provider;
import java.io.Closeable;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;

/** Finds the channel behind a stream, and the facts of the file behind a path. */
public final class Descriptors {
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

    private static final Set<OpenOption> BY_NAME =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.DELETE_ON_CLOSE);

    private final Syscalls sys;
    private final LeaseCache leases;
    private volatile boolean proc; // whether /proc was mounted when it was last looked for

    public Descriptors(Syscalls sys, LeaseCache leases) {
        this.sys = sys;
        this.leases = leases;
        this.proc = hasProc();
    }

    /** Whether the JDK can open an open file once more, by its name in {@code /proc}. */
    private boolean hasProc() {
        if (!proc) {
            Memory memory = Memory.take();
            try {
                proc = FileStatus.look(sys, "/proc/self/fd", memory) >= 0;
            } finally {
                memory.release();
            }
        }
        return proc;
    }

    /** A socket's own stream obeys the socket's read timeout, if there is one; its channel never does. */
    private static boolean timesOut(Closeable stream) {
        return stream.getClass().getName().equals("sun.nio.ch.SocketInputStream")
                && (!(JdkFields.readObject(stream, "timeoutSupplier", "Ljava/util/function/IntSupplier;")
                                instanceof IntSupplier timeout)
                        || timeout.getAsInt() != 0);
    }

    /** The channel that a stream of the JDK wraps unchanged; null for every other stream. */
    public static Channel unwrap(Closeable stream) {
        if (stream.getClass() == FileInputStream.class) {
            return ((FileInputStream) stream).getChannel();
        }
        if (stream.getClass() == FileOutputStream.class) {
            return ((FileOutputStream) stream).getChannel();
        }
        if (!LeaseCache.ofTheJdk(stream)) {
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

    /** The C library and the JDK may encode a name differently, and an existing file must not be treated as new. */
    private static boolean surelyMissing(Path path, String name) {
        return name.chars().allMatch(c -> c < 128) || Files.notExists(path);
    }

    /**
     * Opens a path. Only the wait for a FIFO's other end may wait, and that wait can be ended. Null if the JDK must
     * open the path itself: it makes new files, and it deletes a file on close by the name that it was given. Without
     * {@code /proc} it opens all files: what is opened here can then have no channel of the JDK.
     */
    public Channel open(Path path, Set<? extends OpenOption> options, Provider.Patience patience) throws IOException {
        boolean here = path.getFileSystem() == FileSystems.getDefault();
        Channel file = here && RegularFile.serves(path, options) && hasProc()
                ? RegularFile.open(sys, leases.types(), path, options, patience)
                : null;
        return file != null ? file : openPinned(path, options, patience);
    }

    /** As {@link #open}, with a channel of the JDK if it is no FIFO. */
    public Channel openPinned(Path path, Set<? extends OpenOption> options, Provider.Patience patience)
            throws IOException {
        if (path.getFileSystem() != FileSystems.getDefault() || !Collections.disjoint(options, BY_NAME)) {
            return null;
        }
        try (PinnedPath pinned = PinnedPath.of(sys, path, options)) {
            if (pinned == null) {
                return null;
            }
            return pinned.status().is(C.S_IFIFO) ? Fifo.open(sys, pinned, options, patience) : pinned.channel(options);
        }
    }

    /**
     * Facts of a path, which is not opened. For a target that does not exist: the facts of the file that would be made.
     */
    public EndpointFacts describe(Path path, boolean target) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            return null;
        }
        Memory memory = Memory.take();
        try {
            String name = path.toAbsolutePath().toString();
            int result = FileStatus.look(sys, name, memory);
            FileStatus status = FileStatus.read(result, memory);
            if (ErrnoTable.isMissing(Call.LOOK_UP, result) && target && surelyMissing(path, name)) {
                String parent = new File(name).getParent();
                FileStatus directory = parent == null ? null : FileStatus.of(sys, parent, memory);
                String type = directory == null
                        ? ""
                        : FileStatus.name(FileStatus.type(sys.statfs(parent, memory.address()), memory));
                return directory == null
                        ? null
                        : new EndpointFacts(EndpointKind.FILE, 0, false, true, true, directory.device(), 0, type);
            }
            if (status == null) {
                return null;
            }
            long type = status.is(C.S_IFREG) ? FileStatus.type(sys.statfs(name, memory.address()), memory) : 0;
            EndpointKind kind = DescriptorInspection.kind(status, type);
            long size = kind == EndpointKind.FILE ? status.size() : -1;
            return kind == null
                    ? null
                    : new EndpointFacts(
                            kind, size, false, true, true, status.device(), status.number(), FileStatus.name(type));
        } finally {
            memory.release();
        }
    }
}
