package io.zerocopy;

/**
 * Keeps a channel prepared for many transfers, which would otherwise set it up and put it back each time; see
 * {@link Transfers#hold}.
 * Thread-safe.
 */
public interface ChannelHold extends AutoCloseable {
    /**
     * Puts the channels back as their owners want them. A second call does nothing, and neither does one for a channel
     * that is closed. Never throws.
     */
    @Override
    void close();
}
