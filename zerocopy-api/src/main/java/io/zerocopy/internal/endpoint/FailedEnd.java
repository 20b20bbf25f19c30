package io.zerocopy.internal.endpoint;

import io.zerocopy.TransferFailure.Side;
import io.zerocopy.internal.failure.Failures;
import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.EndpointException;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Target;
import java.nio.channels.ClosedChannelException;

/**
 * Finds out which end has failed, and what messages say about the ends. In this order:
 *
 * <ol>
 *   <li>If a port has thrown the object, this is the end. The port knows whether foreign code threw the object.
 *   <li>If a call uses both ends, its {@link EndpointException} says which one failed, if the call could find out.
 *   <li>If only one of the two channels is closed, this end was closed.
 *   <li>For a timeout, it is the end that the run waited for.
 * </ol>
 *
 * @param side the end that failed
 * @param foreign whether foreign code has thrown the failure
 * @param ends text such as {@code ", to /127.0.0.1:5555"}; it names both ends if it is unknown which one failed
 */
public record FailedEnd(Side side, boolean foreign, String ends) {
    /**
     * Finds the failed end. Call this before anything changes the state of both ends.
     *
     * @param thrown the failure that ended the transfer
     * @param endpoints both ends of the transfer
     * @param current the source at work
     * @param awaited the end that the run waited for last, if nothing has moved since
     */
    public static FailedEnd of(Throwable thrown, OpenEndpoints endpoints, Source current, Side awaited) {
        SourceRange at = endpoints.ranges().get(endpoints.ranges().size() - 1);
        for (SourceRange range : endpoints.ranges()) {
            if (range.port().hasThrown(thrown)) {
                return new FailedEnd(Side.SOURCE, range.port().isForeign(thrown), ", from " + range.name());
            }
            at = range.port() == current ? range : at;
        }
        Target target = endpoints.target();
        Side side = endpoints.hasTargetThrown(thrown)
                ? Side.TARGET
                : thrown instanceof EndpointException told
                        ? told.side()
                        : thrown instanceof ClosedChannelException
                                ? closed(at.port(), target)
                                : thrown instanceof Failures.TimedOut ? awaited : Side.UNKNOWN;
        return new FailedEnd(side, target.isForeign(thrown), ends(thrown, side, at, endpoints));
    }

    private static String ends(Throwable thrown, Side side, SourceRange at, OpenEndpoints endpoints) {
        if (thrown instanceof Failures.TimedOut) {
            String waiting =
                    side == Side.UNKNOWN ? "" : ", waiting for the " + (side == Side.SOURCE ? "source" : "target");
            return waiting + ", from " + at.name() + " to " + endpoints.targetName();
        }
        switch (side) {
            case SOURCE:
                return ", from " + at.name();
            case TARGET:
                return ", to " + endpoints.targetName();
            default:
                return ", from " + at.name() + " to " + endpoints.targetName();
        }
    }

    private static Side closed(Endpoint source, Endpoint target) {
        boolean first = isOpen(source);
        boolean second = isOpen(target);
        return first == second ? Side.UNKNOWN : first ? Side.TARGET : Side.SOURCE;
    }

    private static boolean isOpen(Endpoint end) {
        try {
            return end.isOpen();
        } catch (RuntimeException theirs) {
            return true;
        }
    }
}
