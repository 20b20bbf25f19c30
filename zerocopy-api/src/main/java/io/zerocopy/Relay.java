package io.zerocopy;

import java.io.IOException;
import java.time.Duration;

/** Two transfers between two channels, one per direction. Immutable. */
public interface Relay {
    /**
     * Moves bytes in both directions and returns when both have ended.
     *
     * @return what each direction did
     * @throws IOException if either direction fails; what the caller's own channel throws is thrown unchanged. The account of
     *     the other direction is among the suppressed exceptions
     */
    RelayResult run() throws IOException;

    /**
     * Opens the relay for a caller that drives it itself.
     *
     * @return two sessions, one per direction, that have moved nothing yet
     * @throws IOException if a channel is closed
     */
    RelaySession open() throws IOException;

    /** Collects what to relay. Not thread-safe; each method returns this builder. */
    interface Builder {
        /**
         * Ends the relay when no byte has moved in either direction for this long: {@code run()}, or the next
         * {@code advance()}, throws a {@link TransferTimeoutException}.
         *
         * @param timeout longer than zero
         * @return this
         * @throws IllegalArgumentException if it is zero or negative
         */
        Builder idleTimeout(Duration timeout);

        /**
         * Limits how many bytes one {@link TransferSession#advance()} of a direction moves before the other direction,
         * and other relays, get their turn.
         *
         * @param bytes 1 or more; the default is 2 MiB
         * @return this
         * @throws IllegalArgumentException if it is less than 1
         */
        Builder fairChunk(long bytes);

        /**
         * Sets a listener, which is called after each step with the bytes that both directions have moved together. Its
         * total is always -1.
         *
         * @param listener called on the thread that moves the bytes
         * @return this
         */
        Builder onProgress(ProgressListener listener);

        /**
         * Builds the relay.
         *
         * @return an immutable relay
         */
        Relay build();
    }
}
