package io.zerocopy.linux.internal.fd;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import java.util.ArrayList;
import java.util.List;

/**
 * A socket's own limit on how long a call waits for it ({@code SO_RCVTIMEO}, {@code SO_SNDTIMEO}), while a user holds
 * the socket non-blocking. The limit has no effect on a non-blocking descriptor. If the owner takes the flag away
 * meanwhile, a call that relies on the flag returns after this time instead of never. The JDK's own reads and writes
 * wait in poll(2) when such a call returns, as they do when they meet EAGAIN. Not thread-safe: its
 * {@link DescriptorMode} guards it.
 */
final class WaitLimit {
    private static final long MICROS = 20_000;

    /** A call that waits several times, but only briefly each time, moves bytes. */
    private static final long LONG_NANOS = 500_000_000;

    private final Syscalls sys;
    private final List<ChannelLease> users = new ArrayList<>(1);
    private boolean reads;
    private boolean writes;

    WaitLimit(Syscalls sys) {
        this.sys = sys;
    }

    /** Whether the limit bounds the wait of every call. */
    boolean isSet() {
        return reads && writes;
    }

    /** Whether a call may have reached the limit, to judge by its bytes and its duration: the flag may be cleared. */
    boolean mayHaveEnded(long moved, long nanos) {
        return nanos >= (moved > 0 ? LONG_NANOS : MICROS * 1000);
    }

    /** Sets the limit for its first user, unless the owner has set one. The caller holds the close lock. */
    void add(LeaseUse user) {
        ChannelLease lease = user.lease();
        user.limits(true);
        users.add(lease);
        if (users.size() == 1 && lease.kind().isSocket()) {
            Memory memory = Memory.take();
            try {
                reads = isNone(lease, C.SO_RCVTIMEO, memory) && set(lease, C.SO_RCVTIMEO, MICROS, memory);
                writes = isNone(lease, C.SO_SNDTIMEO, memory) && set(lease, C.SO_SNDTIMEO, MICROS, memory);
            } finally {
                memory.release();
            }
        }
    }

    /** Removes the limit with its last user. The caller holds the close lock. */
    void remove(LeaseUse user) {
        if (user.limits() && users.remove(user.lease()) && users.isEmpty()) {
            unset(user.lease());
        }
        user.limits(false);
    }

    /** Removes all users of a channel that leaves its descriptor open. The caller holds the close lock. */
    void removeAll(ChannelLease lease) {
        if (users.removeIf(each -> each == lease) && users.isEmpty()) {
            unset(lease);
        }
    }

    private void unset(ChannelLease lease) {
        Memory memory = Memory.take();
        try {
            if (reads) {
                set(lease, C.SO_RCVTIMEO, 0, memory);
            }
            if (writes) {
                set(lease, C.SO_SNDTIMEO, 0, memory);
            }
        } finally {
            memory.release();
        }
        reads = false;
        writes = false;
    }

    /** Forgets a user whose channel is closed. */
    void forget(LeaseUse user) {
        if (user.limits()) {
            users.remove(user.lease());
            reads &= !users.isEmpty();
            writes &= !users.isEmpty();
        }
        user.limits(false);
    }

    private boolean isNone(ChannelLease lease, int option, Memory memory) {
        memory.putLong(0, 0).putLong(8, 0).putInt(16, 2 * Long.BYTES);
        int result = sys.getsockopt(lease.fd(), C.SOL_SOCKET, option, memory.address(), memory.address(16));
        return result >= 0 && memory.getLong(0) == 0 && memory.getLong(8) == 0;
    }

    private boolean set(ChannelLease lease, int option, long micros, Memory memory) {
        memory.putLong(0, 0).putLong(8, micros);
        return sys.setsockopt(lease.fd(), C.SOL_SOCKET, option, memory.address(), 2 * Long.BYTES) >= 0;
    }
}
