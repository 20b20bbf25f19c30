package io.zerocopy;

import java.io.Closeable;

/**
 * A relay that its caller drives. When a direction ends, the relay shuts down the output that it wrote to. When a
 * direction fails, the other one ends too.
 *
 * <p><b>Threads:</b> one at a time, for both directions together: {@link TransferSession#advance()} of either throws
 * {@link IllegalStateException} while another thread is inside the relay. <b>Closing:</b> any thread may close one
 * direction, or both with {@link #close()}. If another thread is inside the relay, that thread ends them before it
 * returns; counts and remainders are final only then.
 */
public interface RelaySession extends Closeable {
    /**
     * Returns the direction from left to right.
     *
     * @return a session; advance it whenever the end that it waits for is ready
     */
    TransferSession leftToRight();

    /**
     * Returns the direction from right to left.
     *
     * @return a session; advance it whenever the end that it waits for is ready
     */
    TransferSession rightToLeft();

    /**
     * Returns whether both directions have ended.
     *
     * @return true once both sessions are done
     */
    boolean isDone();
}
