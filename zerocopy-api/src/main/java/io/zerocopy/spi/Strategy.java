package io.zerocopy.spi;

import io.zerocopy.Mechanism;
import java.io.IOException;

/**
 * One mechanism: judges pairs and opens {@linkplain Mover step machines} for them. Stateless and thread-safe.
 */
public interface Strategy {
    /**
     * Names the mechanism.
     *
     * @return which mechanism this is
     */
    Mechanism mechanism();

    /**
     * Tells whether this process can use the mechanism at all, found by doing. Called for every plan, so cheap.
     *
     * @return null when it can; else the cause
     */
    default @Nullable String unavailableBecause() {
        return null;
    }

    /**
     * Judges a pair by its facts alone; makes no system call and moves nothing.
     *
     * @param source what bytes are taken from
     * @param target where they go
     * @param request what is asked
     * @return null when worth trying; else why not
     */
    @Nullable
    String refusal(Facts source, Facts target, Request request);

    /**
     * Opens a step machine over a pair that was not refused. Moves nothing.
     *
     * @param source the source's port, acquired
     * @param target the target's port, acquired
     * @param request what is asked
     * @return the machine; the loop closes it
     * @throws IOException if what it needs cannot be had and the transfer has to fail for it
     */
    Mover open(Source source, Target target, Request request) throws IOException;
}
