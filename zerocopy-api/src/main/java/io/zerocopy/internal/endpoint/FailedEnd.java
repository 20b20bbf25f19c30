package io.zerocopy.internal.endpoint;

import io.zerocopy.TransferFailure.Side;
import io.zerocopy.internal.failure.Failures;
import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.EndpointException;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Target;
import java.nio.channels.ClosedChannelException;

/**
 * Which end a failure is of, and what messages say of the ends. In this order:
 *
 * <ol>
 *   <li>A port that has thrown the object is the end, and knows whether the object is somebody else's.
 *   <li>A call on both ends says by an {@link EndpointException} which one failed, if it could find out.
 *   <li>Of two channels, the only one that is closed is the end that was closed.
 *   <li>A timeout is of the end that was waited for.
 * </ol>
 *
 * @param side which end
 * @param foreign whether code of others has thrown it
 * @param ends such as {@code ", to /127.0.0.1:5555"}; names both ends where it is not known which one failed
 */
public record FailedEnd(Side side, boolean foreign, String ends) {
    /**
     * Judges a failure. Asked while both ends are as the failure has left them.
     *
     * @param thrown what ended the transfer
     * @param endpoints of the transfer
     * @param current the source at work
     * @param awaited the end that was waited for last, if nothing has moved since
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
