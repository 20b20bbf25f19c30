package io.zerocopy.nio.internal.strategies.transfer;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.nio.internal.JdkChannels;
import io.zerocopy.nio.internal.OwnPosition;
import io.zerocopy.nio.internal.ports.TargetPort;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.OpenedFile;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Moves a file to any channel by {@link FileChannel#transferTo}, which on Linux calls {@code sendfile(2)} or
 * {@code copy_file_range(2)}.
 *
 * <p>A step is short if the JDK's call is short. The source's position does not change. A target file is written at its
 * channel's own position, which is moved meanwhile and restored on close. Therefore it declines, unless required, if
 * the bytes do not belong at the target's own position, because others may rely on that position. A return value of 0
 * is ambiguous, so a byte is read to distinguish the end of the file from a target that is not ready; if it is neither,
 * it declines.
 *
 * <p>Copies inside the kernel without native code. Refuses files opened for append: on 17 one attempt disables
 * in-kernel copies between files for the whole process. Refuses, unless required, a blocking socket or pipe: nothing
 * wakes a thread inside {@code sendfile} (17), and on 25 a virtual thread pins its carrier. Refuses, unless required,
 * on a JDK that lets another thread close the target during the call, as 17 does: see {@link CloseGuard}.
 */
public final class TransferToStrategy implements Strategy {
    @Override
    public Mechanism mechanism() {
        return Mechanism.TRANSFER_TO;
    }

    @Override
    public String refusal(EndpointFacts source, EndpointFacts target, TransferRequest request) {
        if (source.kind() != EndpointKind.FILE) {
            return "transferTo needs a file of known size";
        }
        if (!source.jdkFile()) {
            return "transferTo is a method of the JDK's file channels, and the source has none";
        }
        if (target.kind().isFile() && !target.jdkFile()) {
            return "transferTo writes to a file at the position of a file channel of the JDK, and the target has none";
        }
        if (source.direct() || target.direct()) {
            return DirectChannels.REFUSAL;
        }
        if (target.append()) {
            return "the target is open for append, which turns in-kernel copies off in the JDK";
        }
        if (target.kind() == EndpointKind.PIPE && !request.byReferenceAllowed()) {
            return "the pipe's reader could see later changes of the file: needs stableSource()";
        }
        boolean stalls = target.kind().isSocket() || target.kind() == EndpointKind.PIPE;
        if (stalls && !canBeAwaited(target) && request.preference() != Preference.REQUIRE) {
            return "nothing wakes a transferTo that waits for a blocking "
                    + target.kind().label();
        }
        return request.preference() == Preference.REQUIRE ? null : CloseGuard.missingFor(target.kind());
    }

    /** True if a target that takes no bytes makes the call return instead of wait. */
    static boolean canBeAwaited(EndpointFacts target) {
        return (target.kind().isSocket() || target.kind() == EndpointKind.PIPE || target.kind() == EndpointKind.OPAQUE)
                && (!target.blocking() || target.descriptor());
    }

    @Override
    public Mover open(Source source, Target target, TransferRequest request) throws IOException {
        FileChannel from = OpenedFile.of(source.channel());
        if (from == null || !(target.channel() instanceof WritableByteChannel to)) {
            return Mover.declined(JdkChannels.NONE);
        }
        if (target instanceof TargetPort port && port.isForeign()) {
            return new TransferToForeignMover(source, from, target);
        }
        if (request.targetPosition() < 0) {
            return new TransferToMover(source, from, target, to, null);
        }
        if (!(to instanceof FileChannel file)) {
            return Mover.declined(JdkChannels.NONE); // it would write where its own position is
        }
        OwnPosition own = OwnPosition.borrow(file);
        if (own == null) {
            return Mover.declined("another transfer is using the target's own position");
        }
        if (own.before() != request.targetPosition() && request.preference() != Preference.REQUIRE) {
            own.close();
            return Mover.declined("transferTo would move the target's own position");
        }
        return new TransferToMover(source, from, target, to, own);
    }
}
