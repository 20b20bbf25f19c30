package io.zerocopy.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.Part;
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
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A {@link TransferSpec} and the three things that can be done with it. */
final class PlannedTransfer extends TransferSpec implements Transfer {
    private final Providers providers = Providers.installed();

    PlannedTransfer(Object source) {
        this.source = source;
    }

    @Override
    public TransferResult run() throws IOException {
        Failures.refuseInterrupted();
        TransferRun idle = providers.idle().getAndSet(null);
        TransferRun run = idle != null ? idle : new TransferRun(providers);
        TransferResult result = run(run);
        run.end();
        providers.idle().lazySet(run);
        return result;
    }

    /** One that failed is not used again. */
    private TransferResult run(TransferRun run) throws IOException {
        run.begin(this, true);
        try (run) {
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
        return new GuardedSession(openRun());
    }

    /** The session itself, for who keeps other threads away. */
    TransferRun openRun() throws IOException {
        Failures.refuseInterrupted();
        return TransferRun.open(providers, this, false);
    }

    @Override
    public TransferPlan plan() {
        String refusal = Paths.refusal(source(), target());
        if (refusal != null) {
            return new TransferPlan(Arrays.stream(Mechanism.values())
                    .map(mechanism -> new TransferPlan.Candidate(mechanism, false, refusal))
                    .toList());
        }
        Target to = null;
        Facts target;
        if (target() instanceof Path path) {
            target = pathTarget(path);
        } else {
            to = providers.target(providers.unwrap((Closeable) target()));
            target = to.facts();
        }
        long position = target.kind().isFile() && !target.append() ? start(targetPosition(), to) : Target.NO_POSITION;
        if (source() instanceof Parts parts) {
            List<Planner> planners = new ArrayList<>();
            long left = count();
            long before = MemorySource.remaining(header());
            for (Part part : parts.list()) {
                Planner planner = planner(part, left, target, Ends.behind(position, before));
                left = left == Long.MAX_VALUE ? left : left - planner.count();
                before = before > Long.MAX_VALUE - planner.count() ? Long.MAX_VALUE : before + planner.count();
                planners.add(planner);
            }
            return PartsPlan.of(planners);
        }
        long first = Ends.behind(position, MemorySource.remaining(header()));
        return planner(source(), position(), count(), target, first).plan();
    }

    @Override
    public String toString() {
        return "Transfer[" + source() + " → " + target() + "]";
    }

    private Planner planner(Part part, long left, Facts target, long targetPosition) {
        if (part instanceof Part.Memory memory) {
            ByteBuffer[] buffers = memory.buffers().toArray(ByteBuffer[]::new);
            return planner(buffers, 0, left, target, targetPosition);
        }
        if (part instanceof Part.PathRegion region) {
            return planner(region.path(), region.position(), Math.min(left, region.count()), target, targetPosition);
        }
        Part.ChannelRegion region = (Part.ChannelRegion) part;
        return planner(region.channel(), region.position(), Math.min(left, region.count()), target, targetPosition);
    }

    private Planner planner(Object from, long position, long most, Facts target, long targetPosition) {
        Source port = null;
        Facts source;
        if (from instanceof Path path) {
            source = providers.describe(path, false);
        } else {
            port = from instanceof ByteBuffer[] buffers
                    ? new MemorySource(buffers)
                    : providers.source(providers.unwrap((Closeable) from));
            source = port.facts().withSize(size(port));
        }
        long first = source.kind().isFile() ? start(position, port) : 0;
        long count = source.size() < 0 ? most : Math.min(most, Math.max(0, source.size() - first));
        return new Planner(providers)
                .begin(this, source, target, request(first, targetPosition, count, source.direct() || target.direct()));
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
        boolean append = Arrays.asList(options()).contains(StandardOpenOption.APPEND);
        boolean truncates = Arrays.asList(options()).contains(StandardOpenOption.TRUNCATE_EXISTING);
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
