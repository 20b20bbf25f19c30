package io.zerocopy.linux.internal.direct.uring;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.errno.Outcome;
import io.zerocopy.linux.sys.Errno;
import java.io.IOException;

/**
 * A resource that is needed to begin is not available, without a fault of the files; no byte has moved. The message is
 * the reason.
 */
public final class UnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    UnavailableException(String call, long result, String hint) {
        super(Errno.message(call, result) + hint);
        this.passing = ErrnoTable.of(Call.IO_URING_SETUP, result, false) != Outcome.DECLINE_FOR_GOOD;
    }

    UnavailableException(String why) {
        super(why);
        this.passing = false;
    }

    /** Whether the answer may change when files, memory or processes are freed: then do not give up for good. */
    public boolean isPassing() {
        return passing;
    }
}
