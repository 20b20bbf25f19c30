package io.zerocopy.internal;

import io.zerocopy.Transfer;
import io.zerocopy.TransferPlan;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Target;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** A {@link TransferSpec} and the three things that can be done with it. */
final class PlannedTransfer implements Transfer {
    private final TransferSpec spec;
    private final Providers providers = Providers.installed();

    PlannedTransfer(TransferSpec spec) {
        this.spec = spec;
    }

    @Override
    public TransferResult run() throws IOException {
        Failures.refuseInterrupted();
        try (TransferRun run = TransferRun.open(providers, spec, true)) {
            while (true) {
                Status status = run.advance();
                if (status == Status.DONE) {
                    return run.result();
                }
                if (status != Status.PROGRESS) {
                    run.await(status);
                }
            }
        }
    }

    @Override
    public TransferSession open() throws IOException {
        Failures.refuseInterrupted();
        return TransferRun.open(providers, spec, false);
    }

    @Override
    public TransferPlan plan() {
        Source from = null;
        Facts source;
        if (spec.source() instanceof Path path) {
            source = providers.describe(path, false);
        } else {
            from = spec.source() instanceof ByteBuffer[] buffers
                    ? new MemorySource(buffers)
                    : providers.source(providers.unwrap((Closeable) spec.source()));
            source = from.facts();
        }
        Target to = null;
        Facts target;
        if (spec.target() instanceof Path path) {
            target = pathTarget(path);
        } else {
            to = providers.target(providers.unwrap((Closeable) spec.target()));
            target = to.facts();
        }
        source = from == null ? source : source.withSize(size(from));
        long first = source.kind().isFile() ? start(spec.position(), from) : 0;
        long second =
                target.kind().isFile() && !target.append() ? start(spec.targetPosition(), to) : Target.NO_POSITION;
        long count = source.size() < 0 ? spec.count() : Math.min(spec.count(), Math.max(0, source.size() - first));
        boolean borrowed = spec.targetPosition() >= 0 && spec.target() instanceof FileChannel;
        return new Planner(providers, spec, source, target, first, second, count, borrowed).plan();
    }

    /** Where a file would be used: where the caller said, else where the channel stands, else at its start. */
    private static long start(long given, Endpoint end) {
        if (given >= 0 || end == null) {
            return Math.max(0, given);
        }
        try {
            return end.position();
        } catch (IOException unknown) {
            return 0; // the run will tell; a plan is only a look
        }
    }

    private static long size(Endpoint end) {
        try {
            return end.size();
        } catch (IOException unknown) {
            return -1;
        }
    }

    private Facts pathTarget(Path path) {
        Facts found = providers.describe(path, true);
        boolean append = Arrays.asList(spec.options()).contains(StandardOpenOption.APPEND);
        boolean truncates = Arrays.asList(spec.options()).contains(StandardOpenOption.TRUNCATE_EXISTING);
        return new Facts(
                found.kind(),
                truncates && found.size() > 0 ? 0 : found.size(),
                append,
                found.blocking(),
                found.descriptor(),
                found.device(),
                found.inode(),
                found.fileSystem());
    }
}
