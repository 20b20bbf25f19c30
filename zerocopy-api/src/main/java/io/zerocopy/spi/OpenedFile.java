package io.zerocopy.spi;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;

/**
 * A file that a provider has opened by itself, see {@link Provider#open}. Its bytes are read through that provider's port. For
 * what only a channel of the JDK can do, such as {@code transferTo} and {@code map}, it opens one when it is first asked.
 */
public interface OpenedFile extends Channel {
    /**
     * Returns a channel of the JDK to the same file, which is closed together with this one.
     *
     * @return the channel, which has a position of its own; null if none can be opened
     * @throws IOException if this channel is closed
     */
    @Nullable
    FileChannel jdkChannel() throws IOException;

    /**
     * Closes this channel, and returns one of the JDK to the same file, which stays open and which the caller closes.
     *
     * @return the channel, which has a position of its own; null if none can be opened, and then this channel stays open
     * @throws IOException if this channel is closed, or if closing it fails
     */
    @Nullable
    FileChannel replaceByJdkChannel() throws IOException;

    /**
     * Returns the file channel of an end.
     *
     * @param channel the end's channel, or null
     * @return that channel if it is a file channel, or the one of an opened file; null if there is none
     * @throws IOException if the channel is closed
     */
    static @Nullable FileChannel of(@Nullable Channel channel) throws IOException {
        return channel instanceof OpenedFile opened
                ? opened.jdkChannel()
                : channel instanceof FileChannel file ? file : null;
    }
}
