package io.zerocopy.spi;

import io.zerocopy.Mechanism;
import java.io.IOException;

/**
 * One mechanism: judges pairs and opens {@linkplain Mover step machines} for them. Stateless and thread-safe.
 */
public interface Strategy {
    /**
     * Returns the mechanism.
     *
     * @return which mechanism this is
     */
    Mechanism mechanism();

    /**
     * Returns why this process cannot use the mechanism at all, found by trying it. Called for every plan, so it must
     * be cheap.
     *
     * @return null if it can; otherwise the cause
     */
    default @Nullable String unavailableBecause() {
        return null;
    }

    /**
     * Judges a pair by its facts alone; makes no system call and moves nothing.
     *
     * @param source the end from which bytes are taken
     * @param target the end to which they go
     * @param request what the transfer asks of the pair
     * @return null if the mechanism is worth trying; otherwise the reason why not
     */
    @Nullable
    String refusal(EndpointFacts source, EndpointFacts target, TransferRequest request);

    /**
     * Opens a step machine over a pair that was not refused. Moves nothing.
     *
     * @param source the source's port, acquired
     * @param target the target's port, acquired
     * @param request what the transfer asks of the pair
     * @return the step machine; the loop closes it
     * @throws IOException if it cannot get something that it needs, and the transfer must fail because of that
     */
    Mover open(Source source, Target target, TransferRequest request) throws IOException;
}
