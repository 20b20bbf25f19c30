package io.zerocopy.nio.internal.strategies.transfer;

import java.io.IOException;

/**
 * Replaces an exception of an end while it passes through one of the JDK's copying calls; the mover keeps the original.
 * The JDK would replace a {@link java.nio.channels.ClosedChannelException} from the other channel by its own exception.
 */
final class Aside extends IOException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this; // the caller never gets it
    }
}
