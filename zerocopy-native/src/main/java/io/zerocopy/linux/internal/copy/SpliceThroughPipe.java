package io.zerocopy.linux.internal.copy;

import io.zerocopy.TransferFailure.Side;
import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.Outcome;
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

/**
 * Two splices a step, through a pipe of the pool: fill it from the source, drain it to the target.
 *
 * <p>A pipe is full when its slots are, however few bytes they hold. EAGAIN from the fill with bytes in the pipe
 * therefore means "drain", never "wait for the source": who waits there strands the last bytes of a peer that has
 * stopped sending. What is in the pipe belongs to the caller until the target has it.
 */
final class SpliceThroughPipe extends KernelMover {
    private static final int FLAGS = C.SPLICE_F_MOVE | C.SPLICE_F_NONBLOCK;

    /** How often a pipe that holds bytes may refuse to be read. */
    private static final int MAX_REFUSALS = 16;

    private final PipePool pool;
    private PipePool.Hold hold; // null before the first pipe
    private PipePool.Pipe pipe;
    private long inPipe;
    private long last = 1; // 0 or a negative errno once the source has shown no more, or has failed

    SpliceThroughPipe(SpliceStrategy strategy, DescriptorSource source, DescriptorTarget target, PipePool pool) {
        super(strategy, source, target);
        this.pool = pool;
    }

    @Override
    long call(long sourcePosition, long targetPosition, long count) throws IOException {
        if (pipe == null) {
            pipe = pool.take();
            if (pipe == null) {
                return declined(pool.exhaustedBecause());
            }
            hold = hold == null ? pool.hold(this) : hold;
            hold.has(pipe);
            memory(); // to hand out what is in the pipe, even if no direct memory is left by then
        }
        long filled = last > 0 && inPipe < Math.min(count, pipe.capacity()) ? fill(sourcePosition, count) : last;
        boolean ready = true;
        if (inPipe == 0 && waits(filled)) {
            ready = source.isReady();
            filled = ready ? fill(sourcePosition, count) : filled; // bytes may have come since
        }
        if (inPipe > 0) {
            return drain(targetPosition, count);
        }
        if (filled != 0 && !waits(filled)) {
            return refused(filled);
        }
        if (filled < 0 && ready && source.lease().kind() == EndpointKind.DEVICE) {
            return declined(Errno.message("splice", filled)); // it cannot be spliced without blocking
        }
        last = 1; // the read will say whether that was the end
        giveBack(); // thousands of idle transfers share a few pipes
        return ready ? ASK : Step.AWAIT_SOURCE;
    }

    /** The pipe in between is this mover's own: whatever fails is of the end of the call. */
    @Override
    Side side(Call call, long result) {
        return inPipe == 0 ? Side.SOURCE : Side.TARGET;
    }

    private boolean waits(long n) {
        return n < 0 && outcome(n) == Outcome.WAIT;
    }

    /**
     * Adds what the pipe takes; the answer matters only when the pipe stays empty. An end or a failure is remembered
     * until what came before it has been delivered: the kernel tells of a reset once, and who asks again hears that
     * the source has ended.
     */
    private long fill(long sourcePosition, long count) {
        long in = source.lease().kind().isFile() ? offset(0, sourcePosition + inPipe) : 0;
        long n = sys.splice(source.fd(), in, pipe.writeEnd(), 0, Math.min(count, pipe.capacity()) - inPipe, FLAGS);
        if (n > 0) {
            inPipe += n;
        } else if (!waits(n)) {
            last = n;
        }
        return n;
    }

    private long drain(long targetPosition, long count) throws IOException {
        long out = targetPosition >= 0 ? offset(1, targetPosition) : 0;
        long n = sys.splice(pipe.readEnd(), 0, target.fd(), out, Math.min(inPipe, count), FLAGS);
        if (n > 0) {
            inPipe -= n;
            return n;
        }
        if (n == 0 || waits(n)) {
            return Step.AWAIT_TARGET;
        }
        if (outcome(n).declines() && last < 0 && !outcome(last).declines()) {
            // Whoever continued would hear of an end where there was a failure: a reset is told of once.
            return DescriptorPort.checked("splice", last, Side.SOURCE);
        }
        return refused(n);
    }

    @Override
    public ByteBuffer residue() throws IOException {
        boolean canBeReadAgain = source.lease().kind().isFile();
        if (pipe == null || inPipe == 0 || canBeReadAgain) {
            return super.residue(); // which is asked for with an empty pipe only
        }
        ByteBuffer residue = ByteBuffer.allocate((int) inPipe); // on the heap: direct memory may be used up
        int refusals = 0;
        while (residue.hasRemaining()) { // little by little, through the memory that this mover has in any case
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
