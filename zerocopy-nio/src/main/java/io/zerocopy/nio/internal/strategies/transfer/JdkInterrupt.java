package io.zerocopy.nio.internal.strategies.transfer;

import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;

/**
 * Detects an interrupt that one of the JDK's copying calls has not reported. The interrupt closes a channel, as always;
 * but if bytes had moved before, the call returns a count, in which the last bytes are missing. The next step then
 * reports the interrupt.
 */
final class JdkInterrupt {
    private boolean met;

    /** Called after a call that has returned a count. */
    void lookFor(Channel one, Channel other) {
        met = Thread.currentThread().isInterrupted() && !(one.isOpen() && other.isOpen());
    }

    /** Called before the next call; throws if the last one was interrupted. */
    void tell() throws ClosedByInterruptException {
        if (met) {
            throw new ClosedByInterruptException();
        }
    }
}
