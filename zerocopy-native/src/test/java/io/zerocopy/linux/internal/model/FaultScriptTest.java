package io.zerocopy.linux.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferException;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.linux.internal.copy.PipePool;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.internal.model.FaultOracle.Outcome;
import io.zerocopy.linux.internal.model.FaultScript.Manner;
import io.zerocopy.linux.internal.model.FaultScript.Shape;
import io.zerocopy.linux.internal.model.FaultScript.Way;
import io.zerocopy.linux.internal.msgzerocopy.MsgZerocopyStrategy;
import io.zerocopy.linux.internal.msgzerocopy.OrphanedSends;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.nio.NioProvider;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Runs generated fault scripts through the whole library except the kernel: planner, loop, fallback, ports and movers.
 * After every script, the target holds a prefix of the expected bytes, the count is its length, and bytes that were
 * taken beyond it are handed back. {@code -Dzerocopy.tests.sample} is the percentage of scripts that run,
 * {@code -Dzerocopy.tests.seed} selects them and generates the random ones, and {@code -Dzerocopy.faults.scripts} is
 * their number.
 */
public class FaultScriptTest {
    private static final int SCRIPTS = Integer.getInteger("zerocopy.faults.scripts", 100_000);
    private static final int PERCENT = Integer.getInteger("zerocopy.tests.sample", 100);
    private static final long SEED = Long.getLong("zerocopy.tests.seed", System.nanoTime());
    private static final int MOST_STEPS = 4_000;
    private static final byte[] CONTENT = content(FaultScript.MOST, 7);
    private static final byte[] AROUND = content(8_000, 8);

    private static final ByteBuffer DIRECT =
            ByteBuffer.allocateDirect(CONTENT.length).put(CONTENT).flip();

    private static final List<Mechanism> OFFERED = List.of(
            Mechanism.REFLINK,
            Mechanism.COPY_FILE_RANGE,
            Mechanism.SENDFILE,
            Mechanism.SPLICE,
            Mechanism.GATHER_WRITE,
            Mechanism.READ_WRITE);

    private static byte[] content(int count, int seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** The ports and mechanisms of the model; everything else comes from the next provider. */
    record ModelProvider(Syscalls sys, Kernel kernel) implements Provider {
        @Override
        public String name() {
            return "model";
        }

        @Override
        public int rank() {
            return 0;
        }

        @Override
        public List<Strategy> strategies() {
            for (Strategy strategy : kernel.strategies()) {
                if (strategy instanceof MsgZerocopyStrategy inPlace) {
                    inPlace.assumeAvailable(); // it would ask a socket of the real kernel
                }
            }
            return kernel.strategies();
        }

        @Override
        public EndpointFacts describe(Path path, boolean target) {
            return null;
        }

        @Override
        public Source source(Closeable end) {
            return end instanceof ModelChannel model ? new DescriptorSource(sys, model, model.lease) : null;
        }

        @Override
        public Target target(Closeable end) {
            return end instanceof ModelChannel model ? new DescriptorTarget(sys, model, model.lease) : null;
        }
    }

    /** Faults that are impossible for the calls that they fell on, by kind; filled by the scripts of cells. */
    private final Map<String, LongAdder> vain = new ConcurrentHashMap<>();

    @Test
    void nothingIsLostIfAnythingFails() {
        int[] drawn =
                IntStream.range(0, SCRIPTS).filter(number -> isDrawn(number)).toArray();
        System.out.printf(
                "sampled FaultScriptTest: %d of %d stories; again with -Dzerocopy.tests.sample=%d -Dzerocopy.tests.seed=%d%n",
                drawn.length, SCRIPTS, PERCENT, SEED);
        Optional<FaultScript> failing = Arrays.stream(drawn)
                .parallel()
                .mapToObj(number -> FaultScripts.of(SEED, number))
                .filter(script -> play(script) != null)
                .findAny();
        failing.ifPresent(script -> {
            FaultScript small = shrink(script);
            fail(play(script) + "\n  " + script + "\n  shrunk: " + small + "\n  which says " + play(small));
        });
        assertThat(vain.keySet())
                .as("every other fault has made a difference at each of the first calls of every pair")
                .isSubsetOf(
                        "SHORT", // for a call that moves nothing
                        "FAIL EINTR", // handled by the binding, except for completions of rings
                        "FAIL ECANCELED", // only rings answer it
                        "FAIL EAGAIN"); // no file answers it
    }

    private static boolean isDrawn(int number) {
        return new Random((SEED * 1_000_003 + number) * 0x9E3779B97F4A7C15L).nextInt(100) < PERCENT;
    }

    private static FaultScript shrink(FaultScript script) {
        FaultScript small = script;
        boolean smaller = true;
        while (smaller) {
            smaller = false;
            for (int i = 0; i < small.faults().size() && !smaller; i++) {
                FaultScript less = small.without(i);
                if (new FaultScriptTest().play(less) != null) {
                    small = less;
                    smaller = true;
                }
            }
            Shape shape = small.shape();
            for (Shape less : List.of(shape.withSize(shape.size() / 2), shape.alone())) {
                if (!smaller && !less.equals(shape) && new FaultScriptTest().play(small.with(less)) != null) {
                    small = small.with(less);
                    smaller = true;
                }
            }
        }
        return small;
    }

    /** Null if all is correct; else the fault that was found. */
    private String play(FaultScript script) {
        Shape shape = script.shape();
        byte[] before = Arrays.copyOf(AROUND, shape.at());
        ModelKernel model = new ModelKernel(script, Arrays.copyOf(CONTENT, shape.size()), before);
        try {
            ByteBuffer all = script.heap() ? ByteBuffer.wrap(CONTENT) : DIRECT.duplicate();
            int cut = shape.size() / 3;
            ByteBuffer[] memory = {all.slice(0, cut), all.slice(cut, shape.size() - cut)};
            ByteBuffer header = ByteBuffer.wrap(AROUND).slice(5000, shape.header());
            ByteBuffer trailer = ByteBuffer.wrap(AROUND).slice(6000, shape.trailer());
            Kernel kernel = new Kernel(model.sys);
            PipePool pool = (PipePool) field(kernel, "pool");
            Transfer transfer = transfer(script, model, kernel, header, memory, trailer);
            Outcome outcome = outcome(script, model, pool, transfer);
            if (outcome.result() != null && model.sends.isAnythingToReport()) {
                return "is done while the kernel still reads memory, " + outcome;
            }
            model.leave();
            model.sends.readAll(); // the kernel continues after any end of the transfer
            String wrong = new FaultOracle(script, model, outcome).judge(CONTENT, before, header, memory, trailer);
            wrong = wrong == null ? FaultOracle.ofThePool(model, pool) : wrong;
            wrong = wrong == null ? FaultOracle.ofTheMemory((OrphanedSends) field(kernel, "orphans")) : wrong;
            countUnmetFault(script, model);
            return wrong == null ? null : wrong + ", " + outcome;
        } catch (RuntimeException | AssertionError | ReflectiveOperationException e) {
            StackTraceElement[] at = e.getStackTrace();
            return e + " " + List.of(at).subList(0, Math.min(6, at.length));
        }
    }

    private void countUnmetFault(FaultScript script, ModelKernel model) {
        if (script.cell() != null && !model.faults.isMet()) {
            Way way = script.cell().way();
            String what = way == Way.FAIL
                    ? way + " " + Errno.text(script.cell().value()).split(" ")[0]
                    : way.name();
            vain.computeIfAbsent(what, key -> new LongAdder()).increment();
        }
    }

    private static Outcome outcome(FaultScript script, ModelKernel model, PipePool pool, Transfer transfer) {
        ByteBuffer nothing = ByteBuffer.allocate(0);
        try {
            return script.session() ? advanced(script, model, pool, transfer) : Outcome.of(transfer.run());
        } catch (TransferException e) {
            return new Outcome(e.transferred(), e.remainder(), e, null);
        } catch (IOException e) {
            return new Outcome(0, nothing, e, null);
        }
    }

    private static Outcome advanced(FaultScript script, ModelKernel model, PipePool pool, Transfer transfer)
            throws IOException {
        TransferSession session = transfer.open();
        try (session) {
            for (int steps = 0; steps < MOST_STEPS; steps++) {
                if (script.shape().steps() > 0 && steps == script.shape().steps()) {
                    session.close();
                    return new Outcome(session.transferred(), session.remainder(), null, null);
                }
                long before = session.transferred();
                TransferSession.Status status = session.advance();
                boolean shares = script.pair().first() == Mechanism.REFLINK; // all at once
                if (!shares
                        && script.shape().chunk() > 0
                        && session.transferred() - before > script.shape().chunk()) {
                    throw new AssertionError("moves more in one step than is fair");
                }
                if (status == TransferSession.Status.DONE) {
                    return Outcome.of(session.result());
                }
                requireReason(model, session, status);
                if (status == TransferSession.Status.AWAIT_SOURCE && FaultOracle.ofThePool(model, pool) != null) {
                    throw new AssertionError("keeps a pipe while there is nothing for it");
                }
            }
        }
        throw new AssertionError("steps without end");
    }

    /** A session that says "wait" must have a reason, and the event must come. */
    private static void requireReason(ModelKernel model, TransferSession session, TransferSession.Status status) {
        if (status == TransferSession.Status.PROGRESS) {
            return;
        }
        if (session.interestOps(status) == SelectionKey.OP_READ && status == TransferSession.Status.AWAIT_TARGET) {
            if (model.sends.error() == 0) {
                throw new AssertionError("waits for a report, and there is none to come");
            }
            return;
        }
        model.requireAwaited(status == TransferSession.Status.AWAIT_SOURCE);
    }

    private static Transfer transfer(
            FaultScript script,
            ModelKernel model,
            Kernel kernel,
            ByteBuffer header,
            ByteBuffer[] memory,
            ByteBuffer trailer)
            throws ReflectiveOperationException {
        Mechanism first = script.pair().first();
        Shape shape = script.shape();
        Transfer.Builder builder =
                script.pair().source() == EndpointKind.MEMORY ? Transfers.from(memory) : Transfers.from(model.source);
        builder.to(model.target).stableSource().header(header).trailer(trailer);
        for (Mechanism mechanism : Mechanism.values()) {
            boolean before = mechanism.ordinal() < first.ordinal();
            if (mechanism != first && (before || !OFFERED.contains(mechanism))) {
                builder.use(mechanism, Preference.NEVER);
            }
        }
        if (first == Mechanism.DIRECT_IO
                || first == Mechanism.IO_URING
                || first == Mechanism.SPLICE
                || first == Mechanism.SENDFILE) {
            builder.use(first, Preference.AUTO); // only a preference, because there are few bytes
        }
        if (script.cell() != null
                && first != Mechanism.GATHER_WRITE
                && script.pair().manner() == Manner.ACCOMPANIED) {
            builder.use(Mechanism.GATHER_WRITE, Preference.NEVER); // it would also take the body
        }
        if (first == Mechanism.DIRECT_IO) {
            builder.queueDepth(1); // a second thread would make its calls at random times
        }
        if (script.required()) {
            builder.use(first, Preference.REQUIRE);
        }
        if (shape.skip() > 0) {
            builder.range(shape.skip(), shape.count());
        } else if (shape.count() < shape.size()) {
            builder.count(shape.count());
        }
        if (shape.chunk() > 0) {
            builder.fairChunk(shape.chunk());
        }
        return over(model.sys, kernel, builder.build());
    }

    /** A transfer looks its providers up once per process; this one gets its own. */
    public static Transfer over(Syscalls sys, Kernel kernel, Transfer transfer) throws ReflectiveOperationException {
        Constructor<?> constructor =
                Class.forName("io.zerocopy.internal.plan.Providers").getDeclaredConstructor(List.class);
        constructor.setAccessible(true);
        Field providers = transfer.getClass().getDeclaredField("providers");
        providers.setAccessible(true);
        providers.set(transfer, constructor.newInstance(List.of(new ModelProvider(sys, kernel), new NioProvider())));
        return transfer;
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }
}
