package io.zerocopy.linux.internal.port;

import io.zerocopy.linux.internal.poll.Poller;
import io.zerocopy.linux.internal.sends.ZerocopySends;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for the kernel's reports that it no longer needs the memory of {@code MSG_ZEROCOPY} sends. Another transfer on
 * the same socket may read the report that this one waits for, and then poll(2) never shows it. So this class also
 * checks the count of reports that all transfers have read.
 */
final class ReportWait {
    private static final long HUNG_UP_PAUSE = 1_000_000;

    private ZerocopySends awaited; // whose reports this transfer waits for; null before the first wait
    private int read; // the count of reports at the last look

    void lookAt(ZerocopySends sends) {
        awaited = sends;
        read = sends.told();
    }

    private boolean isReadByAnother() {
        return awaited != null && awaited.told() != read;
    }

    boolean await(Syscalls sys, int fd, long nanos, BooleanSupplier alive) throws IOException {
        if (isReadByAnother()) {
            return true;
        }
        Memory memory = Memory.small();
        try {
            Poller.watch(memory, 0, fd, 0); // poll(2) always shows an error condition
            boolean ready = Poller.await(sys, memory, 1, nanos, () -> alive.getAsBoolean() && !isReadByAnother());
            if (ready && (Poller.found(memory, 0) & C.POLLERR) == 0) {
                LockSupport.parkNanos(Math.min(nanos, HUNG_UP_PAUSE)); // a hang-up stays, and is not the awaited event
            }
            return ready || isReadByAnother();
        } finally {
            memory.release();
        }
    }
}
