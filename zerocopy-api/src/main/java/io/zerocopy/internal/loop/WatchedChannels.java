package io.zerocopy.internal.loop;

import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.EndpointKind;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.function.BooleanSupplier;

/**
 * The channels of a run that other threads may check while the run waits: those whose {@code isOpen()} is final and the
 * JDK's own. Only the run's own thread checks any other channel, because foreign code may throw or wait. Immutable, so
 * a check that comes too late accesses no state of a run that has ended.
 *
 * @param source null if it is not watched
 * @param target null if it is not watched
 */
record WatchedChannels(AbstractInterruptibleChannel source, AbstractInterruptibleChannel target)
        implements BooleanSupplier {
    static final WatchedChannels NONE = new WatchedChannels(null, null);

    /** The channel of an end; null if other threads may not check it. */
    static AbstractInterruptibleChannel of(Endpoint end) {
        return end.channel() instanceof AbstractInterruptibleChannel known ? known : null;
    }

    /** Whether the thread that waits for this end, or for the other one, has to check it from time to time. */
    static boolean needsOwnLooks(Endpoint end) {
        EndpointKind kind = end.facts().kind();
        return kind != EndpointKind.MEMORY && kind != EndpointKind.STREAM && of(end) == null;
    }

    /** Whether all watched channels are open. */
    @Override
    public boolean getAsBoolean() {
        return (source == null || source.isOpen()) && (target == null || target.isOpen());
    }
}
