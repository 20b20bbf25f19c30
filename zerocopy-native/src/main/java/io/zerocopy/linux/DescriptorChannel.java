package io.zerocopy.linux;

import io.zerocopy.HalfCloseChannel;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.internal.port.RawDescriptor;
import io.zerocopy.spi.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * A channel over a descriptor from elsewhere: from Netty's native transport, from junixsocket, or inherited from a
 * parent process. Transfers recognise it and use every mechanism for its kind: stream socket, pipe, regular file or
 * device.
 *
 * <p><b>Ownership</b> is decided when the channel is created. With {@link #borrow} the owner keeps the descriptor and
 * must keep it open until the channel is closed: if it is closed, its number may be reused for something else, and the
 * channel cannot detect that. With {@link #own} the channel takes the descriptor over: {@link #close()} closes it, and
 * no one else may close it.
 *
 * <p><b>Blocking:</b> the channel has no mode of its own. {@link #read} and {@link #write} wait unless the descriptor
 * has {@code O_NONBLOCK}; then they return 0 instead. A transfer's {@code run()} waits and a session's
 * {@code advance()} does not, whatever that flag is. An interrupt, or a close by another thread, ends a wait as it does
 * for the JDK's channels and closes this channel; a borrowed descriptor still stays open.
 *
 * <p><b>Threads:</b> one reader and one writer at a time; any thread may close the channel at any time.
 */
public final class DescriptorChannel extends AbstractInterruptibleChannel implements HalfCloseChannel {
    private final RawDescriptor raw;
    private final boolean owned;
    private final Object reading = new Object();
    private final Object writing = new Object();

    private DescriptorChannel(int fd, boolean owned) {
        this.owned = owned;
        Kernel kernel = Kernel.available();
        this.raw = kernel.adopt(this, fd);
    }

    /**
     * Creates a channel over a descriptor that its owner closes.
     *
     * @param fd an open descriptor of this process
     * @return a channel whose {@link #close()} leaves the descriptor open
     * @throws IllegalArgumentException if there is no such descriptor, or transfers do not support its kind: for
     *     example a directory or a datagram socket
     * @throws UnsupportedOperationException if the native part cannot work here; the message has the cause
     */
    public static DescriptorChannel borrow(int fd) {
        return new DescriptorChannel(fd, false);
    }

    /**
     * Creates a channel that takes over a descriptor.
     *
     * @param fd an open descriptor of this process, which no one else may close from now on
     * @return a channel whose {@link #close()} closes the descriptor
     * @throws IllegalArgumentException as for {@link #borrow}; the descriptor then stays open
     * @throws UnsupportedOperationException as for {@link #borrow}; the descriptor then stays open
     */
    public static DescriptorChannel own(int fd) {
        return new DescriptorChannel(fd, true);
    }

    /**
     * Returns the descriptor.
     *
     * @return its number; meaningless once the channel is closed
     */
    public int descriptor() {
        return raw.fd();
    }

    /**
     * Reads at least one byte if the target has room, at the descriptor's own position if it has one.
     *
     * @param target the buffer to read into
     * @return bytes read; 0 if the target has no room or, with {@code O_NONBLOCK}, if no bytes are available; -1 at the
     *     end
     * @throws java.nio.channels.NonReadableChannelException if the descriptor is for writing only
     * @throws java.nio.channels.ClosedChannelException if the channel is closed before or during the call, or the
     *     thread is interrupted
     * @throws IOException if the call fails
     */
    @Override
    public int read(ByteBuffer target) throws IOException {
        synchronized (reading) {
            return waiting(() -> raw.read(target, Endpoint.SLICE_NANOS));
        }
    }

    /**
     * Writes as many bytes as fit, at least one if any remain, at the descriptor's own position if it has one.
     *
     * @param source the bytes to write
     * @return bytes written; 0 if none remain or, with {@code O_NONBLOCK}, if there is no room
     * @throws java.nio.channels.NonWritableChannelException if the descriptor is for reading only
     * @throws java.nio.channels.ClosedChannelException if the channel is closed before or during the call, or the
     *     thread is interrupted
     * @throws IOException if the call fails
     */
    @Override
    public int write(ByteBuffer source) throws IOException {
        synchronized (writing) {
            return waiting(() -> raw.write(source, Endpoint.SLICE_NANOS));
        }
    }

    private interface Slice {
        int run() throws IOException;
    }

    /**
     * Waits in slices and checks for an interrupt and a close between them; the JDK closes the channel on an interrupt.
     */
    private int waiting(Slice slice) throws IOException {
        boolean completed = false;
        begin();
        try {
            int n = RawDescriptor.STILL_WAITING;
            while (n == RawDescriptor.STILL_WAITING) {
                if (!isOpen()) {
                    throw new AsynchronousCloseException();
                }
                n = slice.run();
            }
            completed = true;
            return n;
        } finally {
            end(completed);
        }
    }

    /**
     * Ends the outgoing direction of a socket. Does nothing for other kinds; for those, only {@link #close()} ends it.
     *
     * @throws java.nio.channels.ClosedChannelException if the channel is closed
     * @throws IOException if the socket is no longer connected
     */
    @Override
    public void shutdownOutput() throws IOException {
        raw.shutdownOutput();
    }

    @Override
    protected void implCloseChannel() {
        raw.close(owned);
    }
}
