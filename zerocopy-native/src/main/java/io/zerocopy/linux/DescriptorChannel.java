package io.zerocopy.linux;

import io.zerocopy.HalfCloseChannel;
import io.zerocopy.linux.internal.Kernel;
import io.zerocopy.linux.internal.RawDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * A channel over a descriptor that came from elsewhere: of Netty's native transport, of junixsocket, inherited from a
 * parent process. Transfers recognise it and give it every mechanism that its kind has: stream socket, pipe, regular
 * file or device.
 *
 * <p><b>Ownership</b> is said when the channel is made. {@link #borrow} leaves the descriptor to its owner, who must keep
 * it open until the channel is closed: a number that is closed and used again for something else cannot be told from
 * the old one. {@link #own} takes it over; {@link #close()} closes it, and nobody else must.
 *
 * <p><b>Blocking:</b> the channel has no mode of its own. {@link #read} and {@link #write} wait unless the descriptor has
 * {@code O_NONBLOCK}, in which case they answer 0; a transfer's {@code run()} waits, a session's {@code advance()} does
 * not, whatever that flag says. An interrupt or a close by another thread ends a wait as it does for the channels of
 * the JDK; a borrowed descriptor stays open then too.
 *
 * <p><b>Threads:</b> one reader and one writer at a time; close at any time.
 */
public final class DescriptorChannel extends AbstractInterruptibleChannel implements HalfCloseChannel {
    private static final long SLICE_NANOS = 50_000_000;

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
     * Uses a descriptor that somebody else closes.
     *
     * @param fd an open descriptor of this process
     * @return a channel whose {@link #close()} leaves the descriptor open
     * @throws IllegalArgumentException if there is no such descriptor, or it is one that transfers do not know: a
     *     directory, a datagram socket, a listening socket's kin
     * @throws UnsupportedOperationException if the native part cannot work here, with the cause
     */
    public static DescriptorChannel borrow(int fd) {
        return new DescriptorChannel(fd, false);
    }

    /**
     * Takes over a descriptor.
     *
     * @param fd an open descriptor of this process, which nobody else closes from now on
     * @return a channel whose {@link #close()} closes the descriptor
     * @throws IllegalArgumentException as {@link #borrow}; the descriptor is left alone then
     * @throws UnsupportedOperationException as {@link #borrow}
     */
    public static DescriptorChannel own(int fd) {
        return new DescriptorChannel(fd, true);
    }

    /**
     * Tells which descriptor this is.
     *
     * @return the number; of no use once the channel is closed
     */
    public int descriptor() {
        return raw.fd();
    }

    /**
     * Reads at least one byte if the target has room, at the descriptor's own position where it has one.
     *
     * @param target gets the bytes
     * @return how many; 0 if there is no room or, with {@code O_NONBLOCK}, none are there yet; -1 at the end
     * @throws java.nio.channels.NonReadableChannelException if the descriptor is for writing only
     * @throws java.nio.channels.ClosedChannelException if the channel is or gets closed, or the thread is interrupted
     * @throws IOException if the call fails
     */
    @Override
    public int read(ByteBuffer target) throws IOException {
        synchronized (reading) {
            return waiting(() -> raw.read(target, SLICE_NANOS));
        }
    }

    /**
     * Writes what fits, at least one byte if there are any, at the descriptor's own position where it has one.
     *
     * @param source the bytes
     * @return how many; 0 if there are none or, with {@code O_NONBLOCK}, there is no room
     * @throws java.nio.channels.NonWritableChannelException if the descriptor is for reading only
     * @throws java.nio.channels.ClosedChannelException if the channel is or gets closed, or the thread is interrupted
     * @throws IOException if the call fails
     */
    @Override
    public int write(ByteBuffer source) throws IOException {
        synchronized (writing) {
            return waiting(() -> raw.write(source, SLICE_NANOS));
        }
    }

    private interface Slice {
        int run() throws IOException;
    }

    /** Slices of a wait, between which an interrupt and a close are looked for; the JDK closes on an interrupt. */
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
     * Ends the outgoing direction of a socket. Of anything else, only {@link #close()} does that.
     *
     * @throws java.nio.channels.ClosedChannelException if the channel is closed
     * @throws IOException if the socket is not connected any more
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
