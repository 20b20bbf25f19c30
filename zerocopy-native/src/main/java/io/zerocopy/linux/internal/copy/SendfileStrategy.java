package io.zerocopy.linux.internal.copy;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.errno.Outcome;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.TransferRequest;
import java.io.IOException;

/**
 * sendfile(2): from the page cache of a file to any descriptor, one call per chunk. Advantages: it crosses file
 * systems, needs one system call, and makes no copy for an interface that gathers. Disadvantages: receivers that have
 * not read yet see later changes of the file; it expands holes; it has no flag against blocking, so the target is made
 * non-blocking.
 *
 * <p>A file of a server, such as FUSE or NFS, is sent into a pipe of the pool, and spliced from there to the socket, so
 * that a close of the socket does not wait for the server.
 *
 * <p>If a call asks for more bytes than the file has, kernels before 6.5 tell the socket that more bytes follow
 * ({@code MSG_MORE}). The last bytes then wait for up to 200 ms. On these kernels no call asks for more than the file had
 * when it was last looked at.
 */
public final class SendfileStrategy extends KernelStrategy {
    private final PipePool pool;
    private final boolean endsAtOnce; // whether a socket sends its last bytes at once if a call meets the file's end

    public SendfileStrategy(Syscalls sys, PipePool pool) {
        super(Mechanism.SENDFILE, Call.SENDFILE, () -> sys.sendfile(-1, -1, 0, 1));
        this.pool = pool;
        this.endsAtOnce = ErrnoTable.exists(sys.cachestat(-1, 0, 0, 0)); // a call that is as old: since 6.5
    }

    @Override
    PipePool pool() {
        return pool;
    }

    @Override
    String refusalOfDescriptors(EndpointFacts source, EndpointFacts target, TransferRequest request) {
        if (!source.kind().isFile() && source.kind() != EndpointKind.DEVICE) {
            return "sendfile needs a file as source";
        }
        if (source.kind() != EndpointKind.FILE && !required(request)) {
            return "the source's size says nothing; reading it is sure";
        }
        if (request.ownPositionUntouched() && !required(request)) {
            return "sendfile would borrow the target's own position, at which somebody else may write";
        }
        return byReference(target, request);
    }

    private static boolean required(TransferRequest request) {
        return request.preference() == Preference.REQUIRE;
    }

    @Override
    KernelMover open(DescriptorSource source, DescriptorTarget target) {
        return KernelMover.mayWait(source) && KernelMover.closesAtOnce(target)
                ? new SpliceThroughPipe(this, source, target, pool)
                : new SendfileMover(this, source, target);
    }

    private static final class SendfileMover extends OneCallMover {
        private IOException notPutBack; // a borrowed position, after bytes that count as moved

        SendfileMover(SendfileStrategy strategy, DescriptorSource source, DescriptorTarget target) {
            super(strategy, source, target);
        }

        @Override
        public String refusal() throws IOException {
            return TrialCall.refusal(this, Call.SENDFILE);
        }

        @Override
        public boolean servesOwnPosition() {
            return endsAtOnce(); // else a call would need to know how many bytes are left
        }

        private boolean endsAtOnce() {
            return ((SendfileStrategy) strategy).endsAtOnce;
        }

        @Override
        public boolean rest() {
            return notPutBack == null && super.rest();
        }

        /** sendfile(2) has no such flag for a pipe either. */
        @Override
        boolean reliesOnTarget() {
            return target.reliesOnMode();
        }

        /** A terminal or another device that waits is used unchanged: sendfile(2) refuses it. */
        @Override
        boolean reliesOnSource() {
            return false;
        }

        @Override
        long call(long sourcePosition, long targetPosition, long count) throws IOException {
            if (notPutBack != null) {
                throw notPutBack;
            }
            long n = move(sourcePosition, targetPosition, count);
            if (waits(n)
                    && source.lease().kind() == EndpointKind.DEVICE) { // the call does not say which end was not ready
                if (!source.isReady()) {
                    return Step.AWAIT_SOURCE;
                }
                if (!target.isReady()) {
                    return Step.AWAIT_TARGET;
                }
                n = move(sourcePosition, targetPosition, count); // one of them may have become ready since
                n = waits(n) ? 0 : n;
            }
            if (n == 0) {
                return ASK;
            }
            return n > 0 ? n : waits(n) ? Step.AWAIT_TARGET : refused(n);
        }

        private boolean waits(long n) {
            return n < 0 && outcome(n) == Outcome.WAIT;
        }

        private long move(long sourcePosition, long targetPosition, long count) throws IOException {
            return targetPosition < 0
                    ? sendfile(sourcePosition, count)
                    : sendfileAt(targetPosition, sourcePosition, count);
        }

        private long sendfile(long sourcePosition, long count) {
            boolean at = source.lease().kind().isFile() && sourcePosition != Source.OWN_POSITION;
            long offset = at ? offset(0, sourcePosition) : 0;
            long most =
                    at && target.lease().kind().isSocket() && !endsAtOnce() ? upToEnd(sourcePosition, count) : count;
            return sys.sendfile(target.fd(), source.fd(), offset, Math.min(most, C.MAX_RW_COUNT));
        }

        private long upToEnd(long sourcePosition, long count) {
            long left = source.lastSize() - sourcePosition;
            return left > 0 ? Math.min(left, count) : count;
        }

        /**
         * A file is written at its own position. This call borrows the position and puts it back under the same lock.
         */
        private long sendfileAt(long targetPosition, long sourcePosition, long count) throws IOException {
            long lent = target.position();
            target.position(targetPosition);
            long n = sendfile(sourcePosition, count);
            try {
                target.position(lent);
            } catch (IOException e) {
                if (n <= 0) {
                    throw e;
                }
                notPutBack = e; // the next step throws it
            }
            return n;
        }
    }
}
