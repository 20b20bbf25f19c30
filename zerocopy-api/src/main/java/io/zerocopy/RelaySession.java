package io.zerocopy;

import java.io.Closeable;

/**
 * A relay that its caller drives. A direction that ends shuts down the other side's output by itself, and one that fails
 * ends the other one too.
 *
 * <p><b>Threads:</b> one at a time, for both directions together: {@link TransferSession#advance()} of either throws {@link
 * IllegalStateException} while another thread is inside the relay. <b>Closing:</b> any thread may close a direction, or by
 * {@link #close()} both; while another one is inside, that one ends them before it returns, and only then their counts and
 * remainders are final.
 */
public interface RelaySession extends Closeable {
    /**
     * The direction from left to right.
     *
     * @return a session, to be advanced whenever the end it waits for is ready
     */
    TransferSession leftToRight();

    /**
     * The direction from right to left.
     *
     * @return a session, to be advanced whenever the end it waits for is ready
     */
    TransferSession rightToLeft();

    /**
     * Tells whether both directions have ended.
     *
     * @return true once both sessions are done
     */
    boolean isDone();
}
