package io.zerocopy.nio.internal.strategies.transfer;

import io.zerocopy.nio.internal.JdkChannels;
import io.zerocopy.nio.internal.OwnPosition;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

/** The steps of {@link TransferFromStrategy} from a file, by {@link KernelCopy}. */
final class TransferFromFileMover extends JdkCopyMover {
    private final FileChannel from;
    private final FileChannel to;
    private final OwnPosition own; // of the source

    TransferFromFileMover(Source source, FileChannel from, FileChannel to, OwnPosition own) {
        super("transferFrom", source, from, to, JdkChannels.isOfJdk(from) && JdkChannels.isOfJdk(to), own);
        this.from = from;
        this.to = to;
        this.own = own;
    }

    /**
     * Another thread closed the source inside a call. If the kernel had copied bytes, the call would have returned the
     * count. So either nothing has moved, or the kernel refused and the JDK moved bytes in another way.
     */
    private static final class Uncounted extends AsynchronousCloseException {
        private static final long serialVersionUID = 1L;

        private final String message;

        Uncounted(long most, long position) {
            message = "transferFrom may have brought up to " + most + " bytes more to position " + position
                    + ", of which the JDK does not tell";
        }

        @Override
        public String getMessage() {
            return message;
        }
    }

    @Override
    IOException closed(ClosedChannelException thrown, long targetPosition, long count) {
        boolean counted = thrown instanceof ClosedByInterruptException || from.isOpen() || !to.isOpen();
        return counted ? thrown : new Uncounted(count, targetPosition);
    }

    @Override
    long transfer(long sourcePosition, long targetPosition, long count) throws IOException {
        own.moveTo(sourcePosition);
        return to.transferFrom(from, targetPosition, count);
    }

    @Override
    long nothingMoved(long targetPosition) {
        first.declined("transferFrom moved nothing to position " + targetPosition);
        return Step.DECLINED;
    }
}
