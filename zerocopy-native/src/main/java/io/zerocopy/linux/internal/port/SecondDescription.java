package io.zerocopy.linux.internal.port;

import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.fd.RecordLocks;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;

/**
 * A second open file description of what a lease has: for a terminal, since nothing else keeps its calls from waiting,
 * and for a file past the page cache, which takes whole blocks only.
 */
final class SecondDescription {
    private SecondDescription() {}

    /** Opens it under the lease's close lock; a negative number if none is needed or possible. */
    static int open(Syscalls sys, ChannelLease lease) {
        int flags = lease.flags();
        if (lease.isDirect()) {
            return RecordLocks.reopen(sys, lease, flags & (C.O_ACCMODE | C.O_APPEND));
        }
        return lease.inode().isTerminal()
                ? sys.open(
                        "/proc/self/fd/" + lease.fd(),
                        (flags & C.O_ACCMODE) | C.O_NONBLOCK | C.O_NOCTTY | C.O_CLOEXEC,
                        0)
                : -1;
    }
}
