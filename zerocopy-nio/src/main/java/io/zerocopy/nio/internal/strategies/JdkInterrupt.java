package io.zerocopy.nio.internal.strategies;

import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;

/**
 * An interrupt that one of the JDK's copying calls has met and not told. It closes a channel, as always; but where bytes
 * had moved before, these calls answer with a count, which lacks what moved last. The next step tells it then.
 */
final class JdkInterrupt {
    private boolean met;

    /** Behind a call that has answered. */
    void lookFor(Channel one, Channel other) {
        met = Thread.currentThread().isInterrupted() && !(one.isOpen() && other.isOpen());
    }

    /** Before the next one. */
    void tell() throws ClosedByInterruptException {
        if (met) {
            throw new ClosedByInterruptException();
        }
    }
}
