package io.zerocopy.linux.internal.direct;

import io.zerocopy.Mechanism;
import io.zerocopy.linux.internal.port.DescriptorPort;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.io.IOException;

/**
 * Direct I/O from file to file through io_uring(7), or not at all: a ring for each transfer, which ends with it.
 * Advantage: one system call starts a batch of reads and writes and waits for the first of them. {@code DIRECT_IO} uses
 * the same ring if one is available; name this mechanism if the transfer should fail, or fall back, without a ring.
 */
public final class IoUringStrategy implements Strategy {
    private static final int SMALLEST_BLOCK = 512; // the smallest block of any device

    private final DirectIoStrategy direct;

    public IoUringStrategy(DirectIoStrategy direct) {
        this.direct = direct;
    }

    @Override
    public Mechanism mechanism() {
        return Mechanism.IO_URING;
    }

    @Override
    public String unavailableBecause() {
        return direct.ringUnavailableBecause();
    }

    @Override
    public String refusal(EndpointFacts source, EndpointFacts target, TransferRequest request) {
        if (!DirectIoStrategy.isFile(source) || !DirectIoStrategy.isFile(target)) {
            return "blocks are copied between regular files that have descriptors";
        }
        if (target.append()) {
            return "the target is open for append, so nobody knows where its blocks begin";
        }
        if (DirectIoStrategy.isRingless(source) || DirectIoStrategy.isRingless(target)) {
            return DirectIoStrategy.RINGLESS;
        }
        boolean skewed = (request.sourcePosition() - request.targetPosition() & SMALLEST_BLOCK - 1) != 0;
        return skewed ? DirectIoStrategy.SKEWED : null;
    }

    @Override
    public Mover open(Source source, Target target, TransferRequest request) throws IOException {
        DescriptorSource from = DescriptorPort.sourceOf(source);
        DescriptorTarget to = DescriptorPort.targetOf(target);
        return from == null || to == null
                ? Mover.declined(DescriptorPort.FOREIGN)
                : direct.openOnRing(from, to, request);
    }
}
