package io.zerocopy.linux.internal.fd;

import io.zerocopy.linux.internal.poll.Poller;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The non-blocking flag of an open file description: one object for all channels over it. No other code sets the flag
 * or puts it back. The JDK's channels work with the flag set: their reads and writes wait in poll(2) after EAGAIN.
 * {@code configureBlocking} is not used, since it waits for a thread that is blocked in a read of the channel.
 *
 * <p><b>The owner may change the mode at any time.</b> The JDK sets the flag under a lock of the channel
 * ({@code stateLock}) that no blocked reader holds. A call that relies on the flag is made under that lock, so that
 * nobody can clear the flag between the look at it and the call. The JDK sets the field behind {@code isBlocking()}
 * later, and under a lock that a blocked reader may hold, so that field is a hint:
 *
 * <ul>
 *   <li>Normally the flag is set at the first call of a transfer and put back at its end: two calls. Every further call
 *       looks at the flag first: an owner who has switched to non-blocking mode and back leaves no other trace, and the
 *       call could then wait inside the kernel for good. If the field says "non-blocking", it is believed, and nothing
 *       is set.
 *   <li>If the owner has changed the mode during a transfer, or if no channel of the JDK shows what the owner wants, or
 *       if the flag was set behind the JDK's back when the channel was first seen (a socket that was inherited), the
 *       field is no longer believed: each call finds the flag as the owner left it, sets it if necessary, and puts
 *       it back before the locks are released. So a transfer never undoes a change by the owner.
 * </ul>
 *
 * <p>Flags that somebody else changes behind the JDK's back later, between two transfers of a blocking channel, are not
 * looked for, since that would take a call for each transfer: the next transfer leaves the description blocking, as the
 * channel says, and as the JDK's own reads with a timeout leave it.
 *
 * <p>A {@linkplain #hold hold} keeps the flag from call to call. While there is a {@link WaitLimit}, the flag is
 * believed without a look, because a call without it waits only for a moment.
 */
public final class DescriptorMode {
    /** Returned instead of an answer: the flag could not be set, and no call was made. */
    public static final long REFUSED = Long.MIN_VALUE;

    /** How often in a row the flag must be as the owner wants it, after it was put back while the owner changes it. */
    private static final int LOOKS = 4;

    private static final int MOST_LOOKS = 64;
    private static final int FOR_THIS_CALL = 1;

    private final long number = ChannelLease.nextNumber();
    private final Syscalls sys;
    private final WaitLimit limit;
    private final LeaseGroup leases = new LeaseGroup(); // guarded by this, like all fields below
    private final List<ChannelLease> holders = new ArrayList<>(2); // one entry for each use that holds
    private volatile boolean held; // whether there are any holders
    private boolean ours; // whether the flag was set here, so that the last holder puts it back
    private int before; // flags that the last holder puts back
    private boolean switched; // whether somebody has changed the mode or the flag meanwhile
    private boolean unsettled; // whether the owner may have changed the flag while it was put back
    private boolean suspicious; // whether the flag may be cleared although it is held
    private volatile boolean forced; // whether the JDK keeps the flag set for good

    public DescriptorMode(Syscalls sys) {
        this.sys = sys;
        this.limit = new WaitLimit(sys);
    }

    long number() {
        return number;
    }

    /** If the flag is set without the owner's or the JDK's knowledge, somebody else wants it, and it is left set. */
    synchronized void attach(ChannelLease lease) {
        leases.add(lease);
        switched |= (lease.flags() & C.O_NONBLOCK) != 0 && leases.isBlocking() && !held && !isForced();
    }

    /** Forgets a channel whose descriptor stays open, and its transfers' holds. The caller holds its close lock. */
    public synchronized void detach(ChannelLease lease) {
        locked(null, () -> {
            boolean had = holders.removeIf(each -> each == lease);
            held = !holders.isEmpty();
            limit.removeAll(lease);
            if (had && !held) {
                putBack(lease);
            }
            return 0;
        });
        leases.remove(lease);
    }

    /** Whether a channel over this description is open, so that the description surely still exists. */
    synchronized boolean isAlive() {
        return leases.isAnyOpen();
    }

    /** Whether the JDK keeps the descriptor non-blocking for good, since a virtual thread has used a channel over it. */
    boolean isForced() {
        if (!forced && Poller.hasVirtualThreads()) {
            synchronized (this) {
                forced |= leases.isForcedNonBlocking();
            }
        }
        return forced;
    }

    /** Whether the flag is known to be set, for a time or for good. */
    boolean isSet() {
        return held || forced;
    }

    /** Whether the owner wants the descriptor to block, even if a transfer has made it non-blocking meanwhile. */
    public synchronized boolean blocksByItself(ChannelLease lease) {
        return ours || (flags(lease) & C.O_NONBLOCK) == 0;
    }

    /** Makes a call that relies on the flag; see {@link LeaseUse#relying}. */
    long call(LeaseUse by, ChannelLease.Call call, LeaseUse other) throws IOException {
        if (forced) {
            return other == null ? call.make() : other.relying(call, null);
        }
        synchronized (this) {
            return leases.underModeLocks(0, this, by, call, other);
        }
    }

    /** Makes a call, with or without a use that relies on the flag; or releases a use, if there is no call. */
    long underModeLocks(LeaseUse by, ChannelLease.Call call, LeaseUse other) throws IOException {
        if (call == null) {
            return releaseLocked(by);
        }
        return by == null ? call.make() : prepared(by, call, other);
    }

    private synchronized int locked(LeaseUse released, ChannelLease.Call call) {
        try {
            return (int) leases.underModeLocks(0, this, released, call, null);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private long prepared(LeaseUse by, ChannelLease.Call call, LeaseUse other) throws IOException {
        int result = prepare(by);
        if (result < 0) {
            return by.refused(result);
        }
        int found = before;
        boolean limited = limit.isSet();
        long start = limited ? System.nanoTime() : 0;
        try {
            long n = other == null ? call.make() : other.relying(call, null);
            suspicious |= limited && limit.mayHaveEnded(n, System.nanoTime() - start);
            return n;
        } finally {
            if (result == FOR_THIS_CALL) {
                setFlags(by.lease(), found);
            }
        }
    }

    private int prepare(LeaseUse by) {
        switched |= by.isModeChanged();
        boolean exact = isExact();
        if (exact && !held) {
            return setForThisCall(by.lease());
        }
        int result = set(by.lease(), limit.isSet());
        if (result == 0 && !exact) {
            count(by);
        }
        return result;
    }

    /** Whether the field behind {@code isBlocking()} must not be believed. */
    private boolean isExact() {
        return switched || !leases.isModeShown();
    }

    private int setForThisCall(ChannelLease lease) {
        int now = flags(lease);
        if (now < 0 || (now & C.O_NONBLOCK) != 0) {
            noteForced(now);
            return Math.min(now, 0);
        }
        before = now;
        int result = setFlags(lease, now | C.O_NONBLOCK);
        return result < 0 ? result : FOR_THIS_CALL;
    }

    private void count(LeaseUse by) {
        if (!by.holds()) {
            by.holds(true);
            holders.add(by.lease());
            held = true;
        }
    }

    /**
     * Keeps the flag set until {@link #release}, perhaps with a limit on the wait of a call that finds it cleared.
     * Answers 0, or the negative errno of a kernel that refuses. The caller holds the close lock.
     */
    int hold(LeaseUse by, boolean limits) {
        if (forced) {
            return 0;
        }
        return locked(null, () -> {
            switched |= by.isModeChanged();
            int result = set(by.lease(), false);
            if (result == 0) {
                count(by);
            }
            if (result == 0 && limits) {
                limit.add(by);
            }
            return result;
        });
    }

    private int set(ChannelLease lease, boolean limited) {
        boolean block = leases.isBlocking();
        ours &= block; // else the flag now belongs to the owner
        if (ours) {
            return assertSet(lease, limited);
        }
        boolean exact = isExact();
        int now;
        if (exact) {
            now = flags(lease);
            noteForced(now);
        } else {
            boolean set = !block || isForced();
            now = set ? lease.flags() | C.O_NONBLOCK : lease.flags() & ~C.O_NONBLOCK;
        }
        if (now < 0 || (now & C.O_NONBLOCK) != 0) {
            return Math.min(now, 0);
        }
        int result = setFlags(lease, now | C.O_NONBLOCK);
        before = now;
        ours = result >= 0;
        return Math.min(result, 0);
    }

    /** Looks whether the JDK has set a flag that the owner does not show. If so, no further look is needed. */
    private void noteForced(int now) {
        if (now >= 0 && (now & C.O_NONBLOCK) != 0 && leases.isBlocking()) {
            isForced();
        }
    }

    /** The owner may have switched the mode and back, which leaves no trace except in the flag itself. */
    private int assertSet(ChannelLease lease, boolean limited) {
        if (limited && !suspicious) {
            return 0;
        }
        int now = flags(lease);
        suspicious &= now < 0;
        if (now < 0 || (now & C.O_NONBLOCK) != 0) {
            return Math.min(now, 0);
        }
        switched = true;
        return Math.min(0, setFlags(lease, now | C.O_NONBLOCK));
    }

    private int flags(ChannelLease lease) {
        return sys.fcntl(lease.fd(), C.F_GETFL, 0);
    }

    private int setFlags(ChannelLease lease, int flags) {
        return sys.fcntl(lease.fd(), C.F_SETFL, flags);
    }

    /**
     * Ends a user's hold. The last release puts the flag back, unless somebody else wants it by now: the owner, or the
     * JDK, which would block a virtual thread's carrier without the flag.
     */
    void release(LeaseUse by) {
        if (by.lease().release(by)) {
            settle(by);
            return;
        }
        synchronized (this) {
            limit.forget(by);
            forget(by);
        }
    }

    /** As {@link #release}, while the channel is open. The caller holds the close lock. */
    void releaseOpen(LeaseUse by) {
        locked(by, null);
    }

    private int releaseLocked(LeaseUse by) {
        switched |= by.isModeChanged();
        limit.remove(by);
        forget(by);
        if (!held) {
            putBack(by.lease());
        }
        return 0;
    }

    private void forget(LeaseUse by) {
        by.holds(false);
        holders.remove(by.lease());
        held = !holders.isEmpty();
    }

    private void putBack(ChannelLease lease) {
        if (ours && leases.isBlocking() && !isForced() && !leases.mayBeForcedUntold()) {
            setFlags(lease, before);
            unsettled = true;
        }
        ours = false;
        suspicious = false;
    }

    /**
     * The JDK sets its field a moment after the flag. If the field says "non-blocking" just after the flag was put
     * back, the owner asked for that before, found the flag set, and left it. So flag and field are compared until they
     * have agreed for a while, and the field decides: the owner's last call sets both.
     */
    private void settle(LeaseUse by) {
        synchronized (this) {
            switched |= unsettled && !leases.isBlocking();
            boolean settled = !unsettled || !switched;
            unsettled = false;
            if (settled) {
                return;
            }
        }
        for (int looks = 0, agreed = 0; looks < MOST_LOOKS && agreed < LOOKS; looks++) {
            Thread.yield();
            agreed = isAsTheOwnerWants(by) ? agreed + 1 : 0;
        }
    }

    private boolean isAsTheOwnerWants(LeaseUse by) {
        boolean[] same = {true};
        by.lease().callIfOpen(by.channel(), () -> same[0] = locked(null, () -> compare(by.lease())) == 0);
        return same[0];
    }

    private int compare(ChannelLease lease) {
        int now = flags(lease);
        int wanted = leases.isBlocking() ? now & ~C.O_NONBLOCK : now | C.O_NONBLOCK;
        if (now < 0 || now == wanted || !holders.isEmpty() || !leases.isModeShown() || isForced()) {
            return 0;
        }
        return setFlags(lease, wanted) < 0 ? 0 : 1;
    }
}
