package io.zerocopy.linux.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Request;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import java.io.IOException;

/**
 * {@code O_DIRECT}, see open(2): the device reads and writes memory of the transfer, and the page cache neither helps nor
 * suffers. For it: large copies leave what others have in the cache where it is, and cost the processor little. Against
 * it: nothing is read ahead or written behind, so each block waits for the device, unless several are under way. So it is
 * a wish, and never chosen for anybody who has not named it.
 */
final class DirectIoStrategy implements Strategy {
    /** Blocks that are under way at once unless the caller says otherwise. */
    static final int USUAL_DEPTH = 8;

    private final Syscalls sys;

    DirectIoStrategy(Syscalls sys) {
        this.sys = sys;
    }

    @Override
    public Mechanism mechanism() {
        return Mechanism.DIRECT_IO;
    }

    @Override
    public String refusal(Facts source, Facts target, Request request) {
        if (!isFile(source) && !isFile(target)) {
            return "neither end is a regular file with a descriptor";
        }
        if (!isFile(source) && target.append()) {
            return "the target is open for append, so nobody knows where its blocks begin";
        }
        return request.wished() ? null : "to bypass the page cache is a wish: name it to have it";
    }

    private static boolean isFile(Facts end) {
        return end.kind() == Kind.FILE && end.descriptor();
    }

    @Override
    public Mover open(Source source, Target target, Request request) throws IOException {
        DirectEnd.Opened in = open(source, source.facts(), C.O_RDONLY);
        DirectEnd.Opened out;
        try {
            out = target.facts().append() ? NOT_ASKED : open(target, target.facts(), C.O_WRONLY);
        } catch (IOException | RuntimeException e) {
            close(in);
            throw e;
        }
        if (in.end() == null && out.end() == null) {
            return new Declined(in.refused().isEmpty() ? out.refused() : in.refused());
        }
        if (out.end() == null) {
            return new DirectReadMover((DescriptorPort) source, target, in.end());
        }
        DescriptorTarget to = (DescriptorTarget) target;
        if (in.end() == null) {
            return new DirectWriteMover(source, to, out.end());
        }
        int alignment = Math.max(in.end().alignment(), out.end().alignment());
        if (((request.sourcePosition() - request.targetPosition()) & alignment - 1) != 0) {
            return new DirectWriteMover(source, new DirectReader(sys, in.end()), to, out.end());
        }
        int depth = request.queueDepth() == 0 ? USUAL_DEPTH : request.queueDepth();
        return new DirectCopyMover((DescriptorSource) source, to, in.end(), out.end(), new PairedQueue(sys, depth));
    }

    private static final DirectEnd.Opened NOT_ASKED = new DirectEnd.Opened(null, "");

    private static DirectEnd.Opened open(Object port, Facts facts, int mode) throws IOException {
        return isFile(facts) ? DirectEnd.open((DescriptorPort) port, mode) : NOT_ASKED;
    }

    private static void close(DirectEnd.Opened opened) {
        if (opened.end() != null) {
            opened.end().close();
        }
    }

    /** No file at either end can be opened so. */
    private static final class Declined implements Mover {
        private final String reason;

        Declined(String reason) {
            this.reason = reason;
        }

        @Override
        public long step(long sourcePosition, long targetPosition, long count) {
            return Step.DECLINED;
        }

        @Override
        public String declinedBecause() {
            return reason;
        }

        @Override
        public void close() {
            reason.length();
        }
    }
}
