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
 * A transfer as a message that Netty writes:
 * {@code context.writeAndFlush(new TransferRegion(Transfers.from(path), size))}.
 *
 * <p>Netty's NIO transport passes the JDK's own channel, so the transfer works as usual: with {@code sendfile}, with
 * header and trailer joined to the body, and with another mechanism if one declines. Other transports pass a channel of
 * Netty's own class; to such a channel the transfer reads and writes.
 *
 * <p><b>What this is not:</b> for sources that wait, such as sockets. Netty calls again when the <em>target</em> is
 * ready, so if the source has no bytes yet, the write fails. Use a relay for such sources.
 *
 * <p><b>Ownership:</b> Netty releases the message after it was written or has failed. The release closes the session
 * and everything that the session opened. An open source that was passed to the builder stays open.
 */
public final class TransferRegion extends AbstractReferenceCounted implements FileRegion {
    private final Transfer.Builder builder;
    private final long count;
    private WritableByteChannel target;
    private TransferSession session;
    private TransferResult result;

    /**
     * Creates a region.
     *
     * @param builder what to move, complete except for the target; do not use it for anything else afterwards
     * @param count number of bytes, including header and trailer
     * @throws IllegalArgumentException if the count is negative
     */
    public TransferRegion(Transfer.Builder builder, long count) {
        this.builder = Objects.requireNonNull(builder, "builder");
        if (count < 0) {
            throw new IllegalArgumentException("count " + count);
        }
        this.count = count;
    }

    /** {@return 0, because the transfer itself knows where in its source it starts} */
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
     * Returns what the transfer did.
     *
     * @return the result; empty until everything is written, and for a count of 0, for which Netty makes no call
     */
    public Optional<TransferResult> result() {
        return Optional.ofNullable(result);
    }

    /**
     * Moves at most one fair chunk.
     *
     * @param to the target; the same channel in every call
     * @param position bytes transferred before
     * @return bytes that reached the target in this call, 0 if it takes none now
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
            status = session.advance(); // all bytes have moved; completes the transfer
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
