package io.zerocopy.nio.internal.strategies;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.nio.internal.Channels;
import io.zerocopy.nio.internal.OwnPosition;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Request;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * Moves anything to a file by {@link FileChannel#transferFrom}: from a file by {@code copy_file_range(2)} on JDKs that
 * have that (21 and newer), from anything else by reads and writes of 8 KiB.
 *
 * <p>Falls short as the JDK does. The target's position stays; where the kernel copies, a source file is read at its
 * channel's own position, which is moved meanwhile and put back on close. Therefore, unless required, it declines where
 * the bytes wanted are not where the source stands. Also declines where the JDK moves nothing: 17 does so beyond the
 * target's end.
 *
 * <p>When the target fails, the JDK forgets what it has read from a source that is no file; and from a file that the
 * kernel does not copy it forgets what it has written when the source is closed meanwhile, see {@link KernelCopy}. Such a
 * source is therefore read through a {@link ReplayingChannel}, which remembers: those bytes are the residue. One case is
 * left, and says so: files for which the kernel refuses although they seem to be of one file system. A foreign
 * end goes that way, too: the JDK would show it a buffer that the thread uses for all its calls.
 */
public final class TransferFromStrategy implements Strategy {
    @Override
    public Mechanism mechanism() {
        return Mechanism.TRANSFER_FROM;
    }

    @Override
    public String refusal(Facts source, Facts target, Request request) {
        if (target.kind() != Kind.FILE) {
            return "transferFrom needs a file as target";
        }
        if (source.direct() || target.direct()) {
            return DirectChannels.REFUSAL;
        }
        if (target.append()) {
            return "the target is open for append, transferFrom writes by position";
        }
        return source.kind() == Kind.MEMORY ? "buffers are written as they are" : null;
    }

    @Override
    public Mover open(Source source, Target target, Request request) throws IOException {
        if (!(target.channel() instanceof FileChannel to)) {
            return new DeclinedMover(DeclinedMover.NO_CHANNEL);
        }
        if (source.facts().kind() != Kind.FILE
                || !(source.channel() instanceof FileChannel from)
                || !(Channels.isOfJdk(from) && Channels.isOfJdk(to))
                || !KernelCopy.serves(source.facts(), target.facts())) {
            return new TransferFromChannelMover(source, to);
        }
        OwnPosition own = OwnPosition.borrow(from);
        if (own == null) {
            return new DeclinedMover("another transfer is using the source's own position");
        }
        if (own.before() != request.sourcePosition() && request.preference() != Preference.REQUIRE) {
            own.close();
            return new DeclinedMover("transferFrom would move the source's own position");
        }
        return new TransferFromFileMover(source, from, to, own);
    }
}
