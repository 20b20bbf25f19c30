package io.zerocopy.linux.internal;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.errno.Outcome;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Memory;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import java.io.IOException;

/**
 * A mover whose step is a system call on two descriptors. Holds the close locks of both channels during the call, in
 * the order of their numbers, so that neither can be closed under it and no two threads wait for each other.
 */
abstract class KernelMover implements Mover {
    final Syscalls sys;
    final DescriptorSource source;
    final DescriptorTarget target;
    private final KernelStrategy strategy;
    private final boolean sourceFirst;
    private boolean moved; // whether any step has moved something
    private Memory memory = Memory.small();
    private String reason = "";

    KernelMover(KernelStrategy strategy, DescriptorSource source, DescriptorTarget target) {
        this.strategy = strategy;
        this.sys = source.sys;
        this.source = source;
        this.target = target;
        this.sourceFirst = source.handle.fd() <= target.handle.fd();
    }

    @Override
    public final long step(long sourcePosition, long targetPosition, long count) throws IOException {
        if (source.isTimed() || target.isTimed()) {
            return declined("a socket was given a timeout, for whose reads the JDK switches its mode to and fro");
        }
        synchronized ((sourceFirst ? source : target).handle.closeLock()) {
            synchronized ((sourceFirst ? target : source).handle.closeLock()) {
                source.requireOpen();
                target.requireOpen();
                boolean hasWaited = source.hasWaited || target.hasWaited; // in which time either mode may have changed
                source.hasWaited = hasWaited;
                target.hasWaited = hasWaited;
                int held = keepFromWaiting();
                if (held < 0) {
                    return refused(Call.SETFL, held);
                }
                target.beforeCall();
                long n = call(sourcePosition, targetPosition, count);
                if (n > 0) {
                    moved = true;
                    target.sent();
                }
                return n;
            }
        }
    }

    /**
     * These calls have no flag of their own against waiting for a socket, so the descriptor's has to do. Answers 0, or a
     * negative errno where it cannot be set.
     */
    int keepFromWaiting() {
        int held = source.handle.kind().isSocket() ? source.hold() : 0;
        return held == 0 && target.handle.kind().isSocket() ? target.hold() : held;
    }

    /** The step itself, under both locks. */
    abstract long call(long sourcePosition, long targetPosition, long count) throws IOException;

    /** The address of a long of this mover's own that holds a file offset. */
    long offset(int slot, long position) {
        memory.putLong(slot * Long.BYTES, position);
        return memory.address(slot * Long.BYTES);
    }

    Memory memory() {
        return memory;
    }

    /** Whether any step has moved something. */
    final boolean hasMoved() {
        return moved;
    }

    /** What the errno table says of an error of this mechanism's own call. */
    final Outcome outcome(long result) {
        return ErrnoTable.of(strategy.call(), result, moved);
    }

    /** Ends a step by an error that is not to be waited for: declines or fails, as the errno table says. */
    final long refused(long result) throws IOException {
        return refused(strategy.call(), result);
    }

    private long refused(Call call, long result) throws IOException {
        Outcome outcome = ErrnoTable.of(call, result, moved);
        if (!outcome.declines()) {
            return DescriptorPort.checked(call.text(), result);
        }
        if (outcome == Outcome.DECLINE_FOR_GOOD) {
            strategy.declinedForGood();
        }
        return declined(Errno.message(call.text(), result));
    }

    long declined(String why) {
        reason = why;
        return Step.DECLINED;
    }

    @Override
    public String declinedBecause() {
        return reason;
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.release();
            memory = null;
        }
    }
}
