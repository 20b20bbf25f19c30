package io.zerocopy.linux.internal.copy;

import io.zerocopy.TransferFailure.Side;
import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.Outcome;
import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.fd.DescriptorMode;
import io.zerocopy.linux.internal.port.DescriptorPort;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;

/**
 * Two splices per step, through a pipe of the pool: one fills it from the source, one drains it to the target. Each is
 * made under the locks of its own end only, so a close of one end never waits for the other, such as a disk. A file's
 * bytes may also be brought into the pipe by sendfile(2).
 *
 * <p>A pipe is full when its slots are, however few bytes they hold. EAGAIN from the fill with bytes in the pipe
 * therefore means "drain", never "wait for the source": such a wait would leave the last bytes of a silent peer in the
 * pipe. The bytes in the pipe belong to the caller until the target has them.
 */
final class SpliceThroughPipe extends KernelMover implements ChannelLease.Call {
    private static final int FLAGS = C.SPLICE_F_MOVE | C.SPLICE_F_NONBLOCK;

    /** How often a pipe that holds bytes may refuse to be read. */
    private static final int MAX_REFUSALS = 16;

    private final PipePool pool;
    private final Call fills; // the call that fills the pipe
    private PipePool.Hold hold; // null before the first pipe
    private PipePool.Pipe pipe;
    private long inPipe;
    private long last = 1; // 0 or a negative errno after the source showed no more bytes, or failed
    private boolean filling; // whether the call that is made next fills the pipe; else it drains it
    private long position; // of that call
    private long most;

    SpliceThroughPipe(KernelStrategy strategy, DescriptorSource source, DescriptorTarget target, PipePool pool) {
        super(strategy, source, target);
        this.fills = strategy.call();
        this.pool = pool;
    }

    @Override
    public String refusal() throws IOException {
        return TrialCall.refusal(this, fills);
    }

    @Override
    long calls(long sourcePosition, long targetPosition, long count) throws IOException {
        if (pipe == null) {
            pipe = pool.take();
            if (pipe == null) {
                return declined(pool.exhaustedBecause());
            }
            hold = hold == null ? pool.hold(this) : hold;
            hold.has(pipe);
            memory(); // to hand out what is in the pipe, even if no direct memory is left by then
        }
        if (!target.isOpen()) {
            throw new AsynchronousCloseException(); // before bytes are taken that it cannot have
        }
        long filled = last > 0 && isWorthFilling(count) ? fill(sourcePosition, count) : last;
        boolean ready = true;
        if (inPipe == 0 && waits(filled)) {
            ready = source.isReady();
            filled = ready ? fill(sourcePosition, count) : filled; // bytes may have come since
        }
        if (inPipe > 0) {
            return drain(targetPosition, count);
        }
        if (filled == DescriptorMode.REFUSED) {
            return filled;
        }
        if (filled != 0 && !waits(filled)) {
            return refused(filled);
        }
        if (filled < 0 && ready && source.lease().kind() == EndpointKind.DEVICE) {
            return declined(Errno.message("splice", filled)); // it cannot be spliced without blocking
        }
        last = 1; // the read says whether that was the end
        giveBack(); // thousands of idle transfers share a few pipes
        return ready ? ASK : Step.AWAIT_SOURCE;
    }

    /**
     * Bytes of a file are there later, too. So a file is asked again only with an empty pipe: behind a short answer may be
     * its end, and then the call would be one too many, and its failure nobody's.
     */
    private boolean isWorthFilling(long count) {
        return inPipe == 0 || (!source.lease().kind().isFile() && inPipe < Math.min(count, pipe.capacity()));
    }

    /** The pipe in between belongs to this mover, so every failure belongs to the other descriptor of the call. */
    @Override
    Side side(Call call, long result) {
        return inPipe == 0 ? Side.SOURCE : Side.TARGET;
    }

    /** Fills or drains the pipe, under the locks of the source or of the target. */
    @Override
    public long make() {
        return filling ? fillNow() : drainNow();
    }

    private boolean waits(long n) {
        return n < 0 && n != DescriptorMode.REFUSED && outcome(n) == Outcome.WAIT;
    }

    /**
     * Adds as many bytes as the pipe takes; the answer matters only if the pipe stays empty. An end or a failure is
     * remembered until the bytes before it have been delivered: the kernel reports a reset only once, and after that
     * says that the source has ended.
     */
    private long fill(long sourcePosition, long count) throws IOException {
        filling = true;
        position = sourcePosition + inPipe;
        most = Math.min(count, pipe.capacity()) - inPipe;
        long n = ChannelLease.call(source, reliesOnSource(), this);
        if (n > 0) {
            inPipe += n;
        } else if (!waits(n)) {
            last = n;
        }
        return n;
    }

    private long fillNow() {
        long in = source.lease().kind().isFile() ? offset(0, position) : 0;
        return fills == Call.SENDFILE
                ? sys.sendfile(pipe.writeEnd(), source.fd(), in, most)
                : sys.splice(source.fd(), in, pipe.writeEnd(), 0, most, FLAGS);
    }

    private long drainNow() {
        long out = position >= 0 ? offset(1, position) : 0;
        target.beforeCall();
        return target.sent(sys.splice(pipe.readEnd(), 0, target.fd(), out, most, FLAGS));
    }

    private long drain(long targetPosition, long count) throws IOException {
        filling = false;
        position = targetPosition;
        most = Math.min(inPipe, count);
        long n = ChannelLease.call(target, reliesOnTarget(), this);
        if (n > 0) {
            inPipe -= n;
            return n;
        }
        if (n == DescriptorMode.REFUSED) {
            return n;
        }
        if (n == 0 || waits(n)) {
            return Step.AWAIT_TARGET;
        }
        boolean failed =
                last < 0 && last != DescriptorMode.REFUSED && !outcome(last).declines();
        if (outcome(n).declines() && failed) {
            // A caller that continued would see an end instead of the failure: the kernel reports a reset only once.
            return DescriptorPort.checked(fills.text(), last, Side.SOURCE);
        }
        return refused(Call.SPLICE, n);
    }

    @Override
    public ByteBuffer residue() throws IOException {
        boolean canBeReadAgain = source.lease().kind().isFile();
        if (pipe == null || inPipe == 0 || canBeReadAgain) {
            return super.residue(); // which is called only with an empty pipe
        }
        ByteBuffer residue = ByteBuffer.allocate((int) inPipe); // on the heap: direct memory may be used up
        int refusals = 0;
        while (residue.hasRemaining()) { // in small parts, through the memory that this mover has anyway
            int most = Math.min(Memory.SMALL, residue.remaining());
            long n = sys.read(pipe.readEnd(), memory().address(), most);
            if (n > 0) {
                memory().get(residue, (int) n);
            } else if (++refusals > MAX_REFUSALS) { // a passing fault must not cost the caller these bytes
                throw new IOException((n < 0 ? Errno.message("read", n) : "read: the pipe has ended") + ", and "
                        + residue.remaining() + " bytes that were taken from the source are lost");
            }
        }
        inPipe = 0;
        return residue.flip();
    }

    @Override
    public boolean rest() {
        last = 1;
        return inPipe == 0 && super.rest();
    }

    private void giveBack() {
        if (pipe != null) {
            hold.has(null);
            pool.give(pipe, inPipe == 0);
            pipe = null;
        }
    }

    @Override
    public void close() {
        giveBack();
        if (hold != null) {
            hold.end();
        }
        super.close();
    }
}
