package io.zerocopy.nio.internal.strategies.transfer;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.nio.internal.JdkChannels;
import io.zerocopy.nio.internal.OwnPosition;
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

/**
 * Moves any source to a file by {@link FileChannel#transferFrom}: from a file by {@code copy_file_range(2)} on JDKs
 * that use it (21 and newer), from any other source by reads and writes of 8 KiB.
 *
 * <p>A step is short if the JDK's call is short. The target's position does not change. If the kernel copies, a source
 * file is read at its channel's own position, which is moved meanwhile and restored on close. Therefore it declines,
 * unless required, if the wanted bytes are not at the source's own position. It also declines if the JDK moves nothing,
 * as 17 does beyond the target's end.
 *
 * <p>If the target fails, the JDK loses the bytes that it has read from a source that is not a file. If a source file
 * that the kernel does not copy is closed meanwhile, the JDK loses the count of the bytes written, see
 * {@link KernelCopy}. Such sources are therefore read through a {@link ReplayingChannel}, which keeps the bytes: they
 * are the residue. In one case the count may still be lost, and the exception says so: for files that the kernel
 * refuses to copy although they seem to be on the same file system. Foreign ends
 * are read in the same way, because the JDK would show them a buffer that the thread uses for all its calls.
 */
public final class TransferFromStrategy implements Strategy {
    @Override
    public Mechanism mechanism() {
        return Mechanism.TRANSFER_FROM;
    }

    @Override
    public String refusal(EndpointFacts source, EndpointFacts target, TransferRequest request) {
        if (target.kind() != EndpointKind.FILE) {
            return "transferFrom needs a file as target";
        }
        if (!target.jdkFile()) {
            return "transferFrom is a method of the JDK's file channels, and the target has none";
        }
        if (source.direct() || target.direct()) {
            return DirectChannels.REFUSAL;
        }
        if (target.append()) {
            return "the target is open for append, transferFrom writes by position";
        }
        return source.kind() == EndpointKind.MEMORY ? "buffers are written as they are" : null;
    }

    @Override
    public Mover open(Source source, Target target, TransferRequest request) throws IOException {
        if (!(target.channel() instanceof FileChannel to)) {
            return Mover.declined(JdkChannels.NONE);
        }
        FileChannel from = source.facts().kind() == EndpointKind.FILE ? OpenedFile.of(source.channel()) : null;
        if (from == null
                || !(JdkChannels.isOfJdk(from) && JdkChannels.isOfJdk(to))
                || !KernelCopy.serves(source.facts(), target.facts())) {
            return new TransferFromChannelMover(source, to);
        }
        OwnPosition own = OwnPosition.borrow(from);
        if (own == null) {
            return Mover.declined("another transfer is using the source's own position");
        }
        if (own.before() != request.sourcePosition() && request.preference() != Preference.REQUIRE) {
            own.close();
            return Mover.declined("transferFrom would move the source's own position");
        }
        return new TransferFromFileMover(source, from, to, own);
    }
}
