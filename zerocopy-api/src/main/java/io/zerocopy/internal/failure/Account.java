package io.zerocopy.internal.failure;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferFailure.Side;
import java.nio.ByteBuffer;

/**
 * The state of a transfer when it fails.
 *
 * @param transferred bytes that reached the target
 * @param remainder bytes that were taken from the source and not delivered
 * @param mechanism the mechanism at work, or null
 * @param side which end failed
 * @param ends what the message says about the ends, such as {@code ", to /127.0.0.1:5555"}
 */
public record Account(long transferred, ByteBuffer remainder, Mechanism mechanism, Side side, String ends) {
    /** Nothing has moved, and nothing is known about the ends. */
    public static final Account NONE = new Account(0, ByteBuffer.allocate(0), null, Side.UNKNOWN, "");
}
