package io.zerocopy;

import java.io.Closeable;

/** A relay that its caller drives. A direction that ends shuts down the other side's output by itself. */
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
