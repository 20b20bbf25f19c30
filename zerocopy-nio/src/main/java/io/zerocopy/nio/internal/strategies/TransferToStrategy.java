package io.zerocopy.nio.internal.strategies;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.nio.internal.OwnPosition;
import io.zerocopy.nio.internal.ports.TargetPort;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Request;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Moves a file to any channel by {@link FileChannel#transferTo}, which on Linux is {@code sendfile(2)} or {@code
 * copy_file_range(2)}.
 *
 * <p>Falls short as the JDK does. The source's position stays; a target file is written at its channel's own position,
 * which is moved meanwhile and put back on close. Therefore, unless required, it declines where the bytes do not belong
 * to where the target stands: somebody may count on that position. A return of 0 means nothing by itself, so a byte is
 * read to tell the end of the file from a target that is not ready; where it is neither, it declines.
 *
 * <p>Stays inside the kernel without native code. Not for files opened for append: on 17 one try turns in-kernel copies
 * between files off for the whole process. Not, unless required, for a blocking socket or pipe: nothing wakes a thread
 * inside {@code sendfile} (17) and on 25 a virtual thread pins its carrier. Not, unless required, on a JDK that lets the
 * target be closed under the call, which 17 does: see {@link CloseGuard}.
 */
public final class TransferToStrategy implements Strategy {
    @Override
    public Mechanism mechanism() {
        return Mechanism.TRANSFER_TO;
    }

    @Override
    public String refusal(Facts source, Facts target, Request request) {
        if (source.kind() != Kind.FILE) {
            return "transferTo needs a file of known size";
        }
        if (source.direct() || target.direct()) {
            return DirectChannels.REFUSAL;
        }
        if (target.append()) {
            return "the target is open for append, which turns in-kernel copies off in the JDK";
        }
        if (target.kind() == Kind.PIPE && !request.byReferenceAllowed()) {
            return "the pipe's reader could see later changes of the file: needs stableSource()";
        }
        boolean stalls = target.kind().isSocket() || target.kind() == Kind.PIPE;
        if (stalls && !canBeAwaited(target) && request.preference() != Preference.REQUIRE) {
            return "nothing wakes a transferTo that waits for a blocking "
                    + target.kind().label();
        }
        return request.preference() == Preference.REQUIRE ? null : CloseGuard.missingFor(target.kind());
    }

    /** True if a target that takes nothing says so instead of waiting inside the call. */
    static boolean canBeAwaited(Facts target) {
        return (target.kind().isSocket() || target.kind() == Kind.PIPE || target.kind() == Kind.OPAQUE)
                && (!target.blocking() || target.descriptor());
    }

    @Override
    public Mover open(Source source, Target target, Request request) throws IOException {
        if (!(source.channel() instanceof FileChannel from) || !(target.channel() instanceof WritableByteChannel to)) {
            return new DeclinedMover(DeclinedMover.NO_CHANNEL);
        }
        if (target instanceof TargetPort port && port.isForeign()) {
            return new TransferToForeignMover(source, from, target);
        }
        if (request.targetPosition() < 0 || !(to instanceof FileChannel file)) {
            return new TransferToMover(source, from, target, to, null);
        }
        OwnPosition own = OwnPosition.borrow(file);
        if (own == null) {
            return new DeclinedMover("another transfer is using the target's own position");
        }
        if (own.before() != request.targetPosition() && request.preference() != Preference.REQUIRE) {
            own.close();
            return new DeclinedMover("transferTo would move the target's own position");
        }
        return new TransferToMover(source, from, target, to, own);
    }
}
