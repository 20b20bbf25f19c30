package io.zerocopy;

import java.io.IOException;
import java.nio.channels.ByteChannel;

/**
 * A channel in two directions of which the outgoing one can end by itself, as {@link java.nio.channels.SocketChannel}
 * can. A {@link Relay} ends it where its peer has ended, so that whoever reads there sees the end while the other
 * direction goes on.
 */
public interface HalfCloseChannel extends ByteChannel {
    /**
     * Ends the outgoing direction: its reader sees the end of the stream after the bytes written so far. Does nothing
     * the second time, and nothing where the end cannot be told apart from closing both directions.
     *
     * @throws java.nio.channels.ClosedChannelException if the channel is closed
     * @throws IOException if the connection is gone
     */
    void shutdownOutput() throws IOException;
}
