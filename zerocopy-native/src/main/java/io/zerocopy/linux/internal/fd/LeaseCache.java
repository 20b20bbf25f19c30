package io.zerocopy.linux.internal.fd;

import io.zerocopy.linux.internal.jdk.JdkFields;
import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.internal.stat.FileSystemTypes;
import io.zerocopy.linux.sys.Syscalls;
import java.lang.ref.WeakReference;
import java.nio.channels.Channel;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Finds the descriptor behind a channel, and remembers its {@link ChannelLease}. Leases that were used lately are found
 * without a lock; a map behind them remembers the rest.
 *
 * <p>Channels over one open file description share its {@link DescriptorMode}. A socket's description is identified by
 * the inode, since each socket has one description; that of a pipe or device by the descriptor's number as well, since
 * one inode has several descriptions. A description is looked for only among those with an open channel, because a
 * closed number may have been reused for the same FIFO.
 */
public final class LeaseCache {
    private static final int RECENT = 256;
    private static final int FEW = 64;
    private static final String OBJECT = "Ljava/lang/Object;";

    /** Channels that keep the descriptor as an int; a file channel keeps it as an object. */
    private static final List<String> WITH_FD_VAL =
            List.of("sun.nio.ch.SocketChannelImpl", "sun.nio.ch.SourceChannelImpl", "sun.nio.ch.SinkChannelImpl");

    private static final class Entry extends WeakReference<Channel> {
        private final ChannelLease lease;

        Entry(Channel channel, ChannelLease lease) {
            super(channel);
            this.lease = lease;
        }
    }

    /**
     * The identity of an open file description.
     *
     * @param fd the descriptor's number; -1 for sockets
     * @param device the inode's device
     * @param inode the inode's number
     */
    private record Description(int fd, long device, long inode) {
        /**
         * Written out: a record's generated method is linked at its first call, when it may be impossible to read
         * files.
         */
        @Override
        public boolean equals(Object other) {
            return other instanceof Description that && fd == that.fd && device == that.device && inode == that.inode;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(device * 31 + inode) * 31 + fd;
        }
    }

    private volatile Class<?> adopted; // the class of channels passed to adopt(); null before the first
    private final Syscalls sys;
    private final FileSystemTypes types;
    private final AtomicReferenceArray<Entry> recent = new AtomicReferenceArray<>(RECENT);
    private final Map<Channel, ChannelLease> leases = new WeakHashMap<>(); // guarded by itself
    private final Map<Description, WeakReference<DescriptorMode>> modes = new HashMap<>(); // guarded by leases
    private int mostModes = FEW;

    public LeaseCache(Syscalls sys) {
        this.sys = sys;
        this.types = new FileSystemTypes(sys);
    }

    FileSystemTypes types() {
        return types;
    }

    /**
     * The lease of an open channel; null if there is no descriptor, it may not be the channel's, or its reads are
     * timed.
     */
    public ChannelLease lease(Channel channel) {
        ChannelLease known = recentLease(channel);
        if (known == null) {
            if (!ofTheJdk(channel) && !isOwn(channel) && channel.getClass() != adopted) {
                return null; // not even its hash code may be called
            }
            synchronized (leases) {
                known = leases.get(channel);
            }
            known = known != null ? known : find(channel);
            if (known == null) {
                return null;
            }
            recent.set(index(channel), new Entry(channel, known));
        }
        return known.isTimed(channel) ? null : known;
    }

    private static int index(Channel channel) {
        return System.identityHashCode(channel) & (RECENT - 1);
    }

    private ChannelLease recentLease(Channel channel) {
        Entry entry = recent.get(index(channel));
        return entry != null && entry.refersTo(channel) ? entry.lease : null;
    }

    private ChannelLease find(Channel channel) {
        ChannelLease found = inspect(channel);
        return found == null ? null : remember(channel, found);
    }

    private ChannelLease inspect(Channel channel) {
        try {
            if (channel instanceof RegularFile file) {
                return DescriptorInspection.lease(sys, types, file, file.fd(), file.lock());
            }
            int fd = channel instanceof Fifo fifo ? fifo.fd() : fd(channel);
            Object lock = JdkFields.readObject(channel, "closeLock", OBJECT);
            ChannelLease found =
                    fd < 0 || lock == null ? null : DescriptorInspection.lease(sys, types, channel, fd, lock);
            if (found == null && lock != null && channel instanceof Fifo fifo) {
                found = fifo.lease(lock); // no other code can read or write it
            }
            return found;
        } catch (LinkageError otherJdk) {
            return null; // this JDK keeps these fields elsewhere: NIO does the work
        }
    }

    /** Remembers the descriptor of a channel that does not show it. */
    public ChannelLease adopt(Channel channel, int fd) {
        adopted = channel.getClass();
        Object lock = JdkFields.readObject(channel, "closeLock", OBJECT);
        ChannelLease found = fd < 0 ? null : DescriptorInspection.lease(sys, types, channel, fd, lock);
        if (found == null) {
            throw new IllegalArgumentException(
                    "descriptor " + fd + " is not open, or neither socket, pipe, file nor device");
        }
        return remember(channel, found);
    }

    /**
     * One lease for all threads that first use a channel at the same time, and one mode for all channels of a
     * description.
     */
    private ChannelLease remember(Channel channel, ChannelLease found) {
        synchronized (leases) {
            ChannelLease first = leases.get(channel);
            if (first != null) {
                return first;
            }
            if (found.waits()) {
                found.share(mode(found));
            }
            leases.put(channel, found);
            return found;
        }
    }

    /** Without a lambda, which is linked at its first call, when it may be impossible to read files. */
    private void forgetModes() {
        Iterator<WeakReference<DescriptorMode>> all = modes.values().iterator();
        while (all.hasNext()) {
            if (all.next().refersTo(null)) {
                all.remove();
            }
        }
    }

    private DescriptorMode mode(ChannelLease lease) {
        FileStatus status = lease.inode();
        Description key = new Description(lease.kind().isSocket() ? -1 : lease.fd(), status.device(), status.number());
        WeakReference<DescriptorMode> known = modes.get(key);
        DescriptorMode mode = known == null ? null : known.get();
        if (mode == null || !mode.isAlive()) {
            mode = new DescriptorMode(sys);
            modes.put(key, new WeakReference<>(mode));
            if (modes.size() > mostModes) {
                forgetModes();
                mostModes = Math.max(FEW, 2 * modes.size());
            }
        }
        return mode;
    }

    private static boolean isOwn(Channel channel) {
        return channel instanceof RegularFile || channel instanceof Fifo;
    }

    static boolean ofTheJdk(Object object) {
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
}
