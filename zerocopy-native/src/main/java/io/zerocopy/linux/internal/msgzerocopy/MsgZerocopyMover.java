package io.zerocopy.linux.internal.msgzerocopy;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferFailure.Side;
import io.zerocopy.internal.memory.BufferPool;
import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.errno.SideTable;
import io.zerocopy.linux.internal.errno.Suspect;
import io.zerocopy.linux.internal.port.DescriptorPort;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.internal.port.IovArray;
import io.zerocopy.linux.internal.sends.Completions;
import io.zerocopy.linux.internal.sends.ZerocopySends;
import io.zerocopy.linux.internal.sizes.CallSizes;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.linux.sys.memory.MsgHdr;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The steps of {@link MsgZerocopyStrategy}. Positions advance by the bytes sent; the transfer is over when the kernel
 * no longer needs any of the memory. Bytes on the heap go through memory outside the heap, which is used again only
 * then.
 */
final class MsgZerocopyMover implements Mover {
    private final ByteBuffer[] buffers;
    private final DescriptorTarget target;
    private final Syscalls sys;
    private final ZerocopySends sends;
    private final OrphanedSends orphans;
    private final boolean required;
    private final NotSentLowat lowWater;

    private int from; // buffers before this one are empty
    private int outstanding; // sends of this mover that the kernel still reads from
    private long copiedByCall; // bytes of ordinary sends, because the kernel could not pin more
    private String cause = ""; // the reason for ordinary sends
    private Mechanism movedBy;
    private String declinedBecause = "";
    private String shortfall = "";
    private boolean closed;

    MsgZerocopyMover(ByteBuffer[] buffers, DescriptorTarget target, OrphanedSends orphans, boolean required) {
        this.buffers = buffers;
        this.target = target;
        this.sys = target.sys;
        this.sends = ZerocopySends.of(sys, target.lease());
        this.orphans = orphans;
        this.required = required;
        this.lowWater = target.facts().blocking() ? null : new NotSentLowat(sys, target.fd());
    }

    /**
     * One send. It refers to the buffers, through its mover, and to the memory that copies of heap buffers went
     * through. The socket refers to it until the kernel no longer needs the memory.
     */
    private final class Sent implements Completions.Pin {
        private ByteBuffer staging;

        @Override
        public void release() {
            outstanding--;
            giveBack();
        }

        private void giveBack() {
            BufferPool.DIRECT.give(staging);
            staging = null;
        }
    }

    @Override
    public long step(long sourcePosition, long targetPosition, long count) throws IOException {
        while (from < buffers.length && !buffers[from].hasRemaining()) {
            from++;
        }
        if (from == buffers.length) {
            return Step.END;
        }
        return target.call(() -> {
            declinedBecause = sends.enable();
            if (!declinedBecause.isEmpty()) {
                target.lease().copies(declinedBecause);
                return Step.DECLINED;
            }
            sends.drain();
            long n = send(count);
            if (ErrnoTable.waits(Call.SEND_ZEROCOPY, n)) {
                return Step.AWAIT_TARGET;
            }
            IovArray.advance(buffers, from, DescriptorPort.checked("sendmsg", n, side(n)));
            return n == 0 ? Step.AWAIT_TARGET : target.sent(n);
        });
    }

    private static Side side(long result) {
        boolean ofSource = result < 0 && SideTable.of(Call.SEND_ZEROCOPY, result) == Suspect.SOURCE;
        return ofSource ? Side.SOURCE : Side.TARGET;
    }

    private long send(long most) {
        Sent sent = new Sent();
        int to = Math.min(buffers.length, from + C.IOV_MAX);
        if (IovArray.anyOnHeap(target, buffers, from, to)) {
            sent.staging = BufferPool.DIRECT.take(CallSizes.HEAP);
        }
        Memory memory = Memory.take();
        boolean kept = false;
        try {
            int entries = IovArray.fill(target, buffers, from, to, most, memory, sent.staging);
            if (sends.isShared()) {
                return sendCopied(memory, entries, ZerocopySends.SHARED);
            }
            if (sends.isCopied() && !required) {
                return sendCopied(memory, entries, ZerocopySends.COPIED);
            }
            long n = sends.send(memory, entries, target.moreFollows(), sent);
            if (ErrnoTable.isWithoutFlag(Call.SEND_ZEROCOPY, n) && sends.drain()) {
                n = sends.send(memory, entries, target.moreFollows(), sent);
            }
            if (ErrnoTable.isWithoutFlag(Call.SEND_ZEROCOPY, n)) {
                return sendCopied(memory, entries, Errno.message(Call.SEND_ZEROCOPY.text(), n));
            }
            if (n > 0) {
                kept = true;
                outstanding++;
                movedBy = null;
            }
            return n;
        } finally {
            if (!kept) {
                sent.giveBack();
            }
            memory.release();
        }
    }

    private long sendCopied(Memory memory, int entries, String why) {
        int flags = C.MSG_DONTWAIT | C.MSG_NOSIGNAL | (target.moreFollows() ? C.MSG_MORE : 0);
        long n = sys.sendmsg(target.fd(), MsgHdr.ofBuffers(memory, entries), flags);
        if (n > 0) {
            copiedByCall += n;
            cause = why;
            movedBy = Mechanism.GATHER_WRITE;
        }
        return n;
    }

    @Override
    public long settle() throws IOException {
        return target.call(() -> {
            if (outstanding > 0) {
                sends.drain();
            }
            if (outstanding > 0) {
                if (lowWater != null) {
                    lowWater.raise();
                }
                target.awaitsReport(sends);
                return Step.AWAIT_RELEASE;
            }
            remember();
            if (sends.isCopied()) {
                cause = ZerocopySends.COPIED;
            }
            shortfall = copiedByCall > 0 ? cause + "; " + copiedByCall + " bytes were sent as ever" : cause;
            return Step.END;
        });
    }

    private void remember() {
        if (sends.isCopied() || sends.isShared()) {
            target.lease().copies(sends.isShared() ? ZerocopySends.SHARED : ZerocopySends.COPIED);
        }
    }

    @Override
    public Mechanism movedBy() {
        return movedBy;
    }

    @Override
    public String shortfall() {
        return shortfall;
    }

    @Override
    public String declinedBecause() {
        return declinedBecause;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        target.lease().locked(() -> {
            if (target.isOpen()) {
                if (outstanding > 0) {
                    sends.drain();
                }
                if (lowWater != null) {
                    lowWater.restore();
                }
            }
            remember();
            if (outstanding > 0) {
                orphans.hold(target.channel(), target.lease(), sends);
            }
        });
        orphans.sweep();
    }
}
