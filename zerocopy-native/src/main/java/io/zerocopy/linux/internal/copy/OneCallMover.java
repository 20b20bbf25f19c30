package io.zerocopy.linux.internal.copy;

import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.internal.sizes.CallSizes;
import java.io.IOException;

/** A mover whose step is one system call on two descriptors. Nobody can close either of them during the call. */
abstract class OneCallMover extends KernelMover implements ChannelLease.Call {
    private long sourcePosition; // of the step
    private long targetPosition;
    private long count;

    OneCallMover(KernelStrategy strategy, DescriptorSource source, DescriptorTarget target) {
        super(strategy, source, target);
    }

    @Override
    final long calls(long fromPosition, long toPosition, long most) throws IOException {
        sourcePosition = fromPosition;
        targetPosition = toPosition;
        count = most;
        return ChannelLease.call(source, reliesOnSource(), target, reliesOnTarget(), this);
    }

    /** The close of a socket or pipe waits for this call. */
    @Override
    final long little() {
        return closesAtOnce(target) ? CallSizes.NOT_LOOKED_UP_FOR_A_FLOW : CallSizes.NOT_LOOKED_UP;
    }

    @Override
    public final long make() throws IOException {
        target.beforeCall();
        return target.sent(call(sourcePosition, targetPosition, count));
    }

    /** The call itself, under the locks of both ends; {@link #ASK} if it has moved nothing. */
    abstract long call(long sourcePosition, long targetPosition, long count) throws IOException;
}
