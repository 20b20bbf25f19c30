package io.zerocopy;

import java.io.IOException;
import java.nio.channels.ByteChannel;

/**
 * A channel of two directions whose output can be shut down alone, like that of a
 * {@link java.nio.channels.SocketChannel}. A {@link Relay} shuts it down when the other side has ended: the reader sees
 * the end of the stream, and the other direction goes on.
 */
public interface HalfCloseChannel extends ByteChannel {
    /**
     * Ends the outgoing direction: its reader sees the end of the stream after the bytes written so far. Does nothing
     * if called again, or if the channel cannot end one direction without closing both.
     *
     * @throws java.nio.channels.ClosedChannelException if the channel is closed
     * @throws IOException if the connection is gone
     */
    void shutdownOutput() throws IOException;
}
