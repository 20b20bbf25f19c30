package io.zerocopy.spi;

import java.io.IOException;

/**
 * The file descriptor of an end, for strategies that make system calls on it. {@link Endpoint#descriptor()} returns it.
 *
 * <p>The mechanisms of Linux in this library serve the descriptors of the ports that this library creates. A port that
 * wraps such a port returns that port's descriptor, and calls its {@link Endpoint#acquire()} and
 * {@link Endpoint#release()}. On any other descriptor they decline.
 */
public interface Descriptor {
    /** One system call, or a few. */
    @FunctionalInterface
    interface Use {
        /**
         * Makes the call. Must not wait: a close of the channel by another thread waits for it. Call
         * {@link Endpoint#keepFromWaiting()} before a call that has no flag of its own for this.
         *
         * @param number the descriptor's number, valid only during this method
         * @return any number
         * @throws IOException if the call fails
         */
        long make(int number) throws IOException;
    }

    /**
     * Makes calls during which the number certainly stands for this end.
     *
     * @param use the calls
     * @return what they returned
     * @throws java.nio.channels.AsynchronousCloseException if another thread has closed the channel
     * @throws IOException if they throw it
     */
    long call(Use use) throws IOException;
}
