package io.zerocopy.nio.internal.strategies.transfer;

import java.io.IOException;

/**
 * Goes through one of the JDK's copying calls in the place of what an end has thrown, which is kept aside. The JDK makes an
 * exception of its own out of a {@link java.nio.channels.ClosedChannelException} that comes out of the other channel.
 */
final class Aside extends IOException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this; // nobody sees it
    }
}
