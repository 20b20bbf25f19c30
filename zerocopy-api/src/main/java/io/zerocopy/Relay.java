package io.zerocopy;

import java.io.IOException;
import java.time.Duration;

/** Two transfers between two channels, one per direction; immutable. */
public interface Relay {
    /**
     * Moves bytes in both directions until both have ended.
     *
     * @return what each direction did
     * @throws IOException if either direction fails
     */
    RelayResult run() throws IOException;

    /**
     * Opens the relay for a caller that drives it itself.
     *
     * @return two sessions that have moved nothing yet
     * @throws IOException if a channel is closed
     */
    RelaySession open() throws IOException;

    /** Collects what to relay. Not thread-safe; each method returns this builder. */
    interface Builder {
        /**
         * Ends the relay when no byte has moved in either direction for so long.
         *
         * @param timeout longer than zero
         * @return this
         * @throws IllegalArgumentException if it is zero or negative
         */
        Builder idleTimeout(Duration timeout);

        /**
         * Sets how much one {@link TransferSession#advance()} of a direction moves at most before the other one, and
         * other relays, get their turn.
         *
         * @param bytes 1 or more; 2 MiB unless said otherwise
         * @return this
         * @throws IllegalArgumentException if it is less than 1
         */
        Builder fairChunk(long bytes);

        /**
         * Tells a listener after each step how many bytes both directions have moved together; the total is -1.
         *
         * @param listener called on the thread that moves the bytes
         * @return this
         */
        Builder onProgress(ProgressListener listener);

        /**
         * Makes the relay.
         *
         * @return an immutable relay
         */
        Relay build();
    }
}
