package io.zerocopy.tests.netty;

import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;
import io.zerocopy.Transfer;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.Optional;

/**
 * A transfer as a message that Netty writes: {@code context.writeAndFlush(new TransferRegion(Transfers.from(path), size))}.
 *
 * <p>Netty's NIO transport hands over the JDK's own channel, so the transfer has all that it has elsewhere: {@code
 * sendfile}, header and trailer in one piece with the body, continuing by another mechanism where one declines. Other
 * transports hand over a channel that only Netty knows, to which bytes are read and written.
 *
 * <p><b>What this is not:</b> for sources that wait, such as sockets. Netty asks again when the <em>target</em> is ready,
 * so a source that has nothing yet fails the write; a relay is for those.
 *
 * <p><b>Ownership:</b> Netty releases the message when it has written it, or failed to, and that closes the session and
 * what it opened. A source that was passed to the builder open stays open.
 */
public final class TransferRegion extends AbstractReferenceCounted implements FileRegion {
    private final Transfer.Builder builder;
    private final long count;
    private WritableByteChannel target;
    private TransferSession session;
    private TransferResult result;

    /**
     * Makes one.
     *
     * @param builder what to move: everything but the target is said. Not to be used for anything else any more
     * @param count how many bytes that is, header and trailer included
     * @throws IllegalArgumentException if the count is negative
     */
    public TransferRegion(Transfer.Builder builder, long count) {
        this.builder = Objects.requireNonNull(builder, "builder");
        if (count < 0) {
            throw new IllegalArgumentException("count " + count);
        }
        this.count = count;
    }

    /** {@return 0: where in its source the transfer begins, it knows itself} */
    @Override
    public long position() {
        return 0;
    }

    @Override
    public long transferred() {
        return session == null ? 0 : session.transferred();
    }

    @Override
    @Deprecated
    public long transfered() {
        return transferred();
    }

    @Override
    public long count() {
        return count;
    }

    /**
     * Tells what the transfer did.
     *
     * @return the result; empty before all is written, and for a count of 0, of which Netty says that it is written
     *     without asking for anything
     */
    public Optional<TransferResult> result() {
        return Optional.ofNullable(result);
    }

    /**
     * Moves at most one fair chunk.
     *
     * @param to where to; the same channel each time
     * @param position how much was transferred before
     * @return how many bytes have reached the target, 0 if it takes none just now
     * @throws EOFException if the source ends before the count
     */
    @Override
    public long transferTo(WritableByteChannel to, long position) throws IOException {
        if (position != transferred()) {
            throw new IllegalArgumentException("at " + transferred() + ", not at " + position);
        }
        if (session == null) {
            target = to;
            session = builder.to(to).build().open();
        } else if (to != target) {
            throw new IllegalArgumentException("begun with " + target + ", not with " + to);
        }
        Status status = session.advance();
        if (status != Status.DONE && transferred() == count) {
            status = session.advance(); // all is there, and the transfer says so
        }
        if (status == Status.AWAIT_SOURCE) {
            throw new IOException("the source has nothing to send yet, and Netty does not wait for sources");
        }
        if (transferred() > count || status == Status.DONE && transferred() < count) {
            throw new EOFException(transferred() + " bytes sent of " + count);
        }
        if (status == Status.DONE) {
            result = session.result();
        }
        return transferred() - position;
    }

    @Override
    protected void deallocate() {
        if (session == null) {
            return;
        }
        try {
            session.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e); // Netty logs it
        }
    }

    @Override
    public TransferRegion retain() {
        super.retain();
        return this;
    }

    @Override
    public TransferRegion retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public TransferRegion touch() {
        return this;
    }

    @Override
    public TransferRegion touch(Object hint) {
        return this;
    }
}
