package io.zerocopy.linux.internal.model;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferResult;
import io.zerocopy.linux.internal.copy.PipePool;
import io.zerocopy.linux.internal.msgzerocopy.OrphanedSends;
import io.zerocopy.linux.internal.sends.ZerocopySends;
import io.zerocopy.spi.EndpointKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Checks what must be true of a transfer and the {@link ModelKernel} at the end, after any faults. */
final class FaultOracle {
    /**
     * The result of a transfer.
     *
     * @param counted bytes that the transfer counts as delivered
     * @param rest bytes that were handed back
     * @param failure the transfer's failure, or null
     * @param result the transfer's own result; null if it failed or was cancelled
     */
    record Outcome(long counted, ByteBuffer rest, IOException failure, TransferResult result) {
        static Outcome of(TransferResult result) {
            return new Outcome(result.bytes(), ByteBuffer.allocate(0), null, result);
        }

        boolean cancelled() {
            return failure == null && result == null;
        }
    }

    private final FaultScript script;
    private final ModelKernel model;
    private final Outcome outcome;
    private final long body; // bytes of the source that reached the target, by the count

    FaultOracle(FaultScript script, ModelKernel model, Outcome outcome) {
        this.script = script;
        this.model = model;
        this.outcome = outcome;
        long behindHeader = Math.max(0, outcome.counted() - script.shape().header());
        boolean flow = script.pair().fromFlow();
        this.body =
                Math.min(behindHeader, flow ? Math.min(script.shape().count(), model.source.position) : available());
    }

    private int available() {
        return Math.max(
                0, Math.min(script.wanted(), model.source.size - script.shape().skip()));
    }

    /** Returns null if all is correct; else the fault that was found. */
    String judge(byte[] content, byte[] before, ByteBuffer header, ByteBuffer[] memory, ByteBuffer trailer) {
        String wrong = ofTheTarget(content, before, header, trailer);
        wrong = wrong == null ? ofTheSource(content, memory) : wrong;
        wrong = wrong == null ? ofTheFailure() : wrong;
        return wrong == null ? ofWhatIsLeft() : wrong;
    }

    private String ofTheTarget(byte[] content, byte[] before, ByteBuffer header, ByteBuffer trailer) {
        long counted = outcome.counted();
        byte[] received = model.target.received();
        int at = before.length;
        if (received.length != at + counted) {
            return "counted " + counted + ", the target has " + (received.length - at);
        }
        ByteBuffer expected = ByteBuffer.allocate(at + script.shape().header() + (int) body + trailer.capacity());
        expected.put(before).put(header.duplicate().rewind());
        expected.put(content, script.shape().skip(), (int) body)
                .put(trailer.duplicate().rewind());
        if (received.length > expected.position()
                || !Arrays.equals(received, 0, received.length, expected.array(), 0, received.length)) {
            return "the target holds other bytes";
        }
        if (counted > script.shape().header() + body && body < available()) {
            return "the trailer comes after " + body + " of " + available();
        }
        if (model.target.isFile() && model.target.position != received.length) {
            return "the target stands at " + model.target.position + " of " + received.length;
        }
        long around = header.position() + trailer.position();
        return around == counted - body ? null : "header and trailer stand at " + around + " of " + (counted - body);
    }

    private String ofTheSource(byte[] content, ByteBuffer[] memory) {
        ModelChannel source = model.source;
        byte[] left = new byte[outcome.rest().remaining()];
        outcome.rest().duplicate().get(left);
        if (!script.pair().fromFlow() && left.length > 0) {
            return left.length + " bytes are handed back of what stays where it was";
        }
        if (script.pair().source() == EndpointKind.MEMORY) {
            long stands = Arrays.stream(memory).mapToLong(ByteBuffer::position).sum();
            return stands == body ? null : "the buffers stand at " + stands + " of " + body;
        }
        if (source.isFile()) {
            long stands = script.shape().skip() > 0 ? 0 : body;
            return source.position == stands ? null : "the source stands at " + source.position + " of " + stands;
        }
        if (body + left.length != source.position) {
            return "taken " + source.position + ", delivered " + body + " and handed back " + left.length;
        }
        boolean same = Arrays.equals(left, 0, left.length, content, (int) body, (int) body + left.length);
        return same ? null : "other bytes were handed back";
    }

    private String ofTheFailure() {
        ModelFaults faults = model.faults;
        if (!faults.isReached()) {
            return "never comes to what is to go wrong";
        }
        if (outcome.failure() != null) {
            return faults.mayFail()
                            || (script.isWithoutFallback() && !faults.fired().isEmpty())
                    ? null
                    : "fails although nothing has failed that it cannot do without: " + faults.fired();
        }
        if (outcome.cancelled()) {
            return null;
        }
        long all = script.shape().header() + available() + script.shape().trailer();
        if (outcome.counted() != all) {
            return "done with " + outcome.counted() + " of " + all;
        }
        return faults.mustFail() ? "hides a failure: " + faults.fired() : ofTheResult(outcome.result());
    }

    private String ofTheResult(TransferResult result) {
        long legs = result.legs().stream().mapToLong(TransferResult.Leg::bytes).sum();
        if (legs != result.bytes()) {
            return "of " + result.bytes() + " bytes " + legs + " are somebody's";
        }
        boolean refusesMore = script.pair().first() == Mechanism.REFLINK // a part of a block, or a cut file
                || script.pair().first() == Mechanism.COPY_FILE_RANGE; // if nothing is to be copied
        boolean declinesForNothing = !refusesMore
                && model.faults.fired().isEmpty()
                && !result.fallbacks().isEmpty();
        return declinesForNothing ? "falls back for nothing: " + result.fallbacks() : null;
    }

    private String ofWhatIsLeft() {
        if (model.inPipes() > 0 || model.openPipes() > 2) {
            return "left " + model.openPipes() + " ends of pipes with " + model.inPipes() + " bytes";
        }
        if (model.direct.open() > 0) {
            return "left " + model.direct.open() + " files open past the page cache";
        }
        if (model.ring.isLeft() && ringFailures() < 3) {
            return "left a ring, or its memory";
        }
        if (model.sends.isHeldBack() || !model.sends.isAsBefore()) {
            return "left bytes held back, or the socket otherwise than corked as it was";
        }
        if (script.pair().first() == Mechanism.MSG_ZEROCOPY) {
            model.sends.error(); // after a while
            for (int looks = 0; looks < 60; looks++) { // of which some fail
                model.target.lease.readReports(model.target);
            }
            int outstanding = ZerocopySends.of(model.sys, model.target.lease).outstanding();
            if (outstanding > 0) {
                return outstanding + " sends are thought to be outstanding";
            }
        }
        boolean same = model.source.isAsItsOwnerWants() && model.target.isAsItsOwnerWants();
        return same ? null : "left the descriptors' flags changed";
    }

    /** If the kernel refuses to continue, to cancel and even to wait, the memory stays mapped. */
    private long ringFailures() {
        return model.faults.fired().stream()
                .filter(fault -> fault.startsWith("io_uring_enter"))
                .count();
    }

    /** An open pipe must belong to the pool, which uses it for the next transfer. */
    static String ofThePool(ModelKernel model, PipePool pool) {
        int open = model.openPipes();
        if (open == 0) {
            return null;
        }
        PipePool.Pipe pipe = pool.take();
        if (pipe == null || model.openPipes() != open || !model.isOpen(pipe)) {
            return "left a pipe open that is not the pool's";
        }
        pool.give(pipe, true);
        return null;
    }

    /** Memory that the kernel still read when the transfer ended is released after the kernel has read it. */
    static String ofTheMemory(OrphanedSends orphans) {
        orphans.sweep();
        return orphans.size() == 0 ? null : "holds memory for good that was sent in place";
    }
}
