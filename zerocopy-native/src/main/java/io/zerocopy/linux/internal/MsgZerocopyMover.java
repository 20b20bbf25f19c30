package io.zerocopy.linux.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Memory;
import io.zerocopy.linux.sys.Message;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The steps of {@link MsgZerocopyStrategy}. Positions advance by what was sent; the transfer is over when the kernel has
 * let go of all of it. What is on the heap goes through memory outside of it, which is used again only then.
 */
final class MsgZerocopyMover implements Mover {
    /** Most of one send: one completion is worth while, and the report of it comes while the next one is on its way. */
    private static final long CHUNK = 512 << 10;

    private final ByteBuffer[] buffers;
    private final DescriptorTarget target;
    private final Syscalls sys;
    private final InPlace inPlace;
    private final Leftovers leftovers;
    private final boolean required;
    private final LowWater lowWater;

    private int from; // buffers before this one are empty
    private int outstanding; // sends of this mover that the kernel still reads from
    private long copiedByCall; // bytes that were sent as ever, because the kernel could not pin more
    private String cause = ""; // of that
    private Mechanism movedBy;
    private String declinedBecause = "";
    private String shortfall = "";
    private boolean closed;

    MsgZerocopyMover(ByteBuffer[] buffers, DescriptorTarget target, Leftovers leftovers, boolean required) {
        this.buffers = buffers;
        this.target = target;
        this.sys = target.sys;
        this.inPlace = InPlace.of(sys, target.lease());
        this.leftovers = leftovers;
        this.required = required;
        this.lowWater = target.facts().blocking() ? null : new LowWater(sys, target.fd());
    }

    /**
     * One send: refers to the buffers, by way of its mover, and to the memory that those on the heap went through. The
     * socket refers to it until the kernel has let go.
     */
    private final class Sent implements Completions.Pin {
        private Staging staging;

        @Override
        public void release() {
            outstanding--;
            giveBack();
        }

        private void giveBack() {
            if (staging != null) {
                staging.release();
                staging = null;
            }
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
            declinedBecause = inPlace.enable();
            if (!declinedBecause.isEmpty()) {
                target.lease().copies(declinedBecause);
                return Step.DECLINED;
            }
            inPlace.drain();
            long n = send(Math.min(count, CHUNK));
            if (ErrnoTable.waits(Call.SEND_ZEROCOPY, n)) {
                return Step.AWAIT_TARGET;
            }
            Gathering.advance(buffers, from, DescriptorPort.checked("sendmsg", n));
            return n == 0 ? Step.AWAIT_TARGET : target.sent(n);
        });
    }

    private long send(long most) {
        Sent sent = new Sent();
        int to = Math.min(buffers.length, from + C.IOV_MAX);
        if (Gathering.anyOnHeap(target, buffers, from, to)) {
            sent.staging = Staging.take();
        }
        Memory memory = Memory.take();
        boolean kept = false;
        try {
            ByteBuffer staging =
                    sent.staging == null ? null : sent.staging.buffer().clear();
            int entries = Gathering.fill(target, buffers, from, to, most, memory, staging);
            if (inPlace.isShared()) {
                return sendCopied(memory, entries, InPlace.SHARED);
            }
            if (inPlace.isCopied() && !required) {
                return sendCopied(memory, entries, InPlace.COPIED);
            }
            long n = inPlace.send(memory, entries, target.moreFollows(), sent);
            if (ErrnoTable.isWithoutFlag(Call.SEND_ZEROCOPY, n) && inPlace.drain()) {
                n = inPlace.send(memory, entries, target.moreFollows(), sent);
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
        long n = sys.sendmsg(target.fd(), Message.ofBuffers(memory, entries), flags);
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
                inPlace.drain();
            }
            if (outstanding > 0) {
                if (lowWater != null) {
                    lowWater.raise();
                }
                target.awaitsReport(inPlace);
                return Step.AWAIT_RELEASE;
            }
            remember();
            if (inPlace.isCopied()) {
                cause = InPlace.COPIED;
            }
            shortfall = copiedByCall > 0 ? cause + "; " + copiedByCall + " bytes were sent as ever" : cause;
            return Step.END;
        });
    }

    private void remember() {
        if (inPlace.isCopied() || inPlace.isShared()) {
            target.lease().copies(inPlace.isShared() ? InPlace.SHARED : InPlace.COPIED);
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
                    inPlace.drain();
                }
                if (lowWater != null) {
                    lowWater.restore();
                }
            }
            remember();
            if (outstanding > 0) {
                leftovers.hold(target.channel(), target.lease(), inPlace);
            }
        });
        leftovers.sweep();
    }
}
