package io.zerocopy.internal.loop;

import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.EndpointKind;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.function.BooleanSupplier;

/**
 * What other threads may look at while a run waits: those of its two channels whose {@code isOpen()} is final and the JDK's
 * own. A channel of any other make is asked by the run's own thread alone, since its code may throw or wait. Immutable, so
 * that a look that comes too late meets nothing of a run that has ended.
 *
 * @param source null if it is not watched
 * @param target null if it is not watched
 */
record WatchedChannels(AbstractInterruptibleChannel source, AbstractInterruptibleChannel target)
        implements BooleanSupplier {
    static final WatchedChannels NONE = new WatchedChannels(null, null);

    /** The channel of an end, if others may ask it. */
    static AbstractInterruptibleChannel of(Endpoint end) {
        return end.channel() instanceof AbstractInterruptibleChannel known ? known : null;
    }

    /** Whether the thread that waits for it, or for the other end, has to look at it now and then. */
    static boolean needsOwnLooks(Endpoint end) {
        EndpointKind kind = end.facts().kind();
        return kind != EndpointKind.MEMORY && kind != EndpointKind.STREAM && of(end) == null;
    }

    /** Whether all of them are open. */
    @Override
    public boolean getAsBoolean() {
        return (source == null || source.isOpen()) && (target == null || target.isOpen());
    }
}
