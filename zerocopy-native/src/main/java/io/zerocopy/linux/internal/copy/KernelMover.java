package io.zerocopy.linux.internal.copy;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferFailure.Side;
import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.errno.Outcome;
import io.zerocopy.linux.internal.errno.SideTable;
import io.zerocopy.linux.internal.errno.Suspect;
import io.zerocopy.linux.internal.fd.DescriptorMode;
import io.zerocopy.linux.internal.port.ColdPages;
import io.zerocopy.linux.internal.port.DescriptorPort;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.internal.sizes.CallSizes;
import io.zerocopy.linux.internal.stat.FileSystemTypes;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A mover whose step is made of system calls on two descriptors: {@link OneCallMover} makes one call on both, {@link
 * SpliceThroughPipe} one on each. Nobody can close a descriptor during a call on it. If a step moves nothing, {@link
 * PlainCopy} asks the source: no call of a mover says by itself that a source has ended.
 *
 * <p><b>A close waits for no disk.</b> A close of a socket or pipe by another thread waits for the call that is made on
 * it. So such a call must not wait for a file whose pages cannot be had in memory before: {@link #mayWait}. Closing a
 * file waits for the calls on that file, as the JDK's own {@code FileChannel.close} waits for its readers.
 */
abstract class KernelMover implements Mover {
    /** Returned instead of a step's outcome: the step has moved nothing, and a plain read must say what that means. */
    static final long ASK = Long.MIN_VALUE + 1;

    final Syscalls sys;
    final DescriptorSource source;
    final DescriptorTarget target;
    final KernelStrategy strategy;
    private boolean moved; // whether any step has moved bytes
    private long sourcePosition; // of the step
    private ColdPages pages; // null before much is copied at a time from a file with a page cache
    private PlainCopy plain; // null until a call has moved nothing
    private boolean movedPlainly; // whether the last step did
    private Memory memory; // null until it is needed
    private String reason = "";

    KernelMover(KernelStrategy strategy, DescriptorSource source, DescriptorTarget target) {
        this.strategy = strategy;
        this.sys = source.sys;
        this.source = source;
        this.target = target;
    }

    @Override
    public final long step(long fromPosition, long toPosition, long most) throws IOException {
        if (source.isTimed() || target.isTimed()) {
            return declined("a socket was given a timeout, for whose reads the JDK switches its mode to and fro");
        }
        if (plain != null && plain.holds()) {
            return plainly(plain.write(toPosition, most));
        }
        movedPlainly = false;
        if (moved && fromPosition == Source.OWN_POSITION) {
            return ask(fromPosition, toPosition, most);
        }
        sourcePosition = fromPosition;
        boolean bounded = most > little() && isBounded();
        if (bounded) {
            pages = pages == null ? new ColdPages(source) : pages;
        }
        long count = bounded ? pages.before(fromPosition, most, readsPages()) : most;
        long n = calls(fromPosition, toPosition, count);
        moved |= n > 0;
        if (bounded) {
            pages.after(n);
        }
        if (n == ASK) {
            return ask(fromPosition, toPosition, most);
        }
        if (n != DescriptorMode.REFUSED) {
            return n;
        }
        return refused(Call.SETFL, source.refused() < 0 ? source.refused() : target.refused());
    }

    private long ask(long fromPosition, long toPosition, long most) throws IOException {
        plain = plain == null ? new PlainCopy(source, target) : plain;
        return plainly(plain.step(fromPosition, toPosition, most));
    }

    private long plainly(long n) {
        movedPlainly = n > 0;
        moved |= movedPlainly;
        return n;
    }

    @Override
    public final Mechanism movedBy() {
        return movedPlainly ? Mechanism.READ_WRITE : null;
    }

    /** Whether time bounds a step: true if the source is a file with a page cache. */
    boolean isBounded() {
        return source.lease().kind() == EndpointKind.FILE && !source.facts().direct();
    }

    /** Up to so many bytes are not looked up in the page cache. */
    long little() {
        return CallSizes.NOT_LOOKED_UP;
    }

    /** Whether the call reads the bytes of a file, instead of sharing them. */
    boolean readsPages() {
        return true;
    }

    /** Whether only the source's mode keeps the call from waiting for it: these calls have no flag for a socket. */
    boolean reliesOnSource() {
        return source.lease().kind().isSocket() && source.reliesOnMode();
    }

    /** Whether only the target's mode keeps the call from waiting for it. */
    boolean reliesOnTarget() {
        return target.lease().kind().isSocket() && target.reliesOnMode();
    }

    /**
     * The calls of a step, each under the locks of the ends that it touches; {@link #ASK} if they have moved nothing,
     * {@link DescriptorMode#REFUSED} if a mode could not be set.
     */
    abstract long calls(long sourcePosition, long targetPosition, long count) throws IOException;

    /**
     * Whether a call on this end may wait for a server, or for a disk whose pages are not looked up: then it is made
     * while no lock of another end is held.
     */
    static boolean mayWait(DescriptorPort end) {
        return end.lease().kind().isFile()
                && (end.facts().direct() || !FileSystemTypes.isLocal(end.facts().fileSystem()));
    }

    /** Whether closing this end must not wait for another end. */
    static boolean closesAtOnce(DescriptorPort end) {
        return end.lease().kind().isSocket() || end.lease().kind() == EndpointKind.PIPE;
    }

    /** The address of a long of this mover's own that holds a file offset. */
    long offset(int slot, long position) {
        return memory().putLong(slot * Long.BYTES, position).address(slot * Long.BYTES);
    }

    Memory memory() {
        memory = memory == null ? Memory.small() : memory;
        return memory;
    }

    /** The pipes that the mechanism may use; null if it uses none. */
    final PipePool pool() {
        return strategy.pool();
    }

    /** Notes where the first step will begin to read. */
    final KernelMover beginsAt(long position) {
        sourcePosition = position;
        return this;
    }

    final long firstPosition() {
        return sourcePosition;
    }

    /** Whether any step has moved bytes. */
    final boolean hasMoved() {
        return moved;
    }

    /** The errno table's outcome for an error of this mechanism's own call. */
    final Outcome outcome(long result) {
        return ErrnoTable.of(strategy.call(), result, moved);
    }

    /** Ends a step with an error that no wait can clear: declines or fails, as the errno table says. */
    final long refused(long result) throws IOException {
        return refused(strategy.call(), result);
    }

    /** Why an answer to a trial would decline the first step; null if it would not. Fails if the end has failed. */
    final String refusalBy(long answer, Call call, Side side) throws IOException {
        if (answer == DescriptorMode.REFUSED) {
            return Errno.message(Call.SETFL.text(), target.refused());
        }
        if (answer >= 0 || ErrnoTable.of(call, answer, false) == Outcome.WAIT) {
            return null;
        }
        if (ErrnoTable.of(call, answer, false).declines()) {
            return Errno.message(call.text(), answer);
        }
        DescriptorPort.checked(call.text(), answer, side); // throws
        return null;
    }

    final long refused(Call call, long result) throws IOException {
        Outcome outcome = ErrnoTable.of(call, result, moved);
        if (!outcome.declines()) {
            return DescriptorPort.checked(call.text(), result, side(call, result));
        }
        if (outcome == Outcome.DECLINE_FOR_GOOD) {
            strategy.declinedForGood();
        }
        return declined(Errno.message(call.text(), result));
    }

    /**
     * Which end has caused an error of this mechanism's call. Called under the locks of both ends, right after the
     * call.
     */
    Side side(Call call, long result) throws IOException {
        Suspect suspect = SideTable.of(call, result);
        if (suspect != Suspect.EITHER) {
            return suspect == Suspect.SOURCE ? Side.SOURCE : Side.TARGET;
        }
        Side found = SideProbe.find(result, source, target, sourcePosition);
        // A file system that copies by itself may have failed anywhere in the range, not only at its beginning.
        return found == Side.TARGET && !readsPages() ? Side.UNKNOWN : found;
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
    public boolean rest() {
        close();
        moved = false;
        pages = null;
        return plain == null;
    }

    @Override
    public ByteBuffer residue() throws IOException {
        return plain == null ? ByteBuffer.allocate(0) : plain.residue();
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.release();
            memory = null;
        }
    }
}
