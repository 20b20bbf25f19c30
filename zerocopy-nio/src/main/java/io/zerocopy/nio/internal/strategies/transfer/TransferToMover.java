package io.zerocopy.nio.internal.strategies.transfer;

import io.zerocopy.nio.internal.JdkChannels;
import io.zerocopy.nio.internal.OwnPosition;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** The steps of {@link TransferToStrategy}. */
final class TransferToMover extends JdkCopyMover {
    private final FileChannel from;
    private final Target target;
    private final WritableByteChannel to;
    private final OwnPosition own; // of the target; null if it has no positions
    private final boolean zeroMeansNotReady;

    TransferToMover(Source source, FileChannel from, Target target, WritableByteChannel to, OwnPosition own) {
        super("transferTo", source, from, to, isOfJdk(from, to, target.facts()), own);
        this.from = from;
        this.target = target;
        this.to = to;
        this.own = own;
        this.zeroMeansNotReady = TransferToStrategy.canBeAwaited(target.facts())
                || target.facts().kind() == EndpointKind.OPAQUE;
    }

    private static boolean isOfJdk(FileChannel from, WritableByteChannel to, EndpointFacts facts) {
        return JdkChannels.isOfJdk(from) && JdkChannels.isOfJdk(to) && facts.kind() != EndpointKind.OPAQUE;
    }

    /**
     * Whether calls on the target may wait because they cannot be made non-blocking. Then neither a close nor a
     * deadline would end one.
     */
    @Override
    boolean isRefused() throws IOException {
        try {
            target.keepFromWaiting();
            return false;
        } catch (ClosedChannelException closed) {
            throw closed;
        } catch (IOException refused) {
            first.declined("transferTo could wait: " + refused.getMessage());
            return true;
        }
    }

    @Override
    long transfer(long sourcePosition, long targetPosition, long count) throws IOException {
        if (own != null) {
            own.moveTo(targetPosition);
        }
        return from.transferTo(sourcePosition, count, to);
    }

    @Override
    long nothingMoved(long targetPosition) {
        if (zeroMeansNotReady) {
            return Step.AWAIT_TARGET;
        }
        first.declined("transferTo moved nothing, although the source has bytes");
        return Step.DECLINED;
    }
}
