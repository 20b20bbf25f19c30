package io.zerocopy;

import io.zerocopy.TransferFailure.Side;
import io.zerocopy.spi.Nullable;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;

/** What every {@link TransferFailure} says, once for all of the JDK's types that they extend. */
final class FailureState implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Bytes that reached the target. */
    private final long transferred;

    /** Bytes taken from the source that did not reach the target; null after deserialization. */
    private final transient @Nullable ByteBuffer remainder;

    /** The mechanism at work. */
    private final @Nullable Mechanism mechanism;

    /** Which end failed. */
    private final Side side;

    FailureState(long transferred, ByteBuffer remainder, @Nullable Mechanism mechanism, Side side) {
        this.transferred = transferred;
        this.remainder = Objects.requireNonNull(remainder, "remainder");
        this.mechanism = mechanism;
        this.side = Objects.requireNonNull(side, "side");
    }

    long transferred() {
        return transferred;
    }

    ByteBuffer remainder() {
        return remainder == null ? ByteBuffer.allocate(0) : remainder;
    }

    Optional<Mechanism> mechanism() {
        return Optional.ofNullable(mechanism);
    }

    Side side() {
        return side;
    }
}
