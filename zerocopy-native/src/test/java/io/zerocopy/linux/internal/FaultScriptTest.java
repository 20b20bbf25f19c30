package io.zerocopy.linux.internal;

import static org.assertj.core.api.Assertions.fail;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferException;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.nio.NioProvider;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Generated stories of what goes wrong, played through the whole library but for the kernel: planner, loop, fallback,
 * ports and movers. Whatever happens, the target holds a prefix of the source, the count says how long it is, and what
 * was taken beyond it is handed back. {@code -Dzerocopy.faults.scripts} and {@code -Dzerocopy.faults.seed} choose others.
 */
class FaultScriptTest {
    private static final int SCRIPTS = Integer.getInteger("zerocopy.faults.scripts", 100_000);
    private static final long FIRST = Long.getLong("zerocopy.faults.seed", 1);
    private static final int MOST_STEPS = 2_000;
    private static final byte[] CONTENT = content();

    private static final ByteBuffer DIRECT =
            ByteBuffer.allocateDirect(CONTENT.length).put(CONTENT).flip();

    private static byte[] content() {
        byte[] bytes = new byte[FaultScript.MOST];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    /** The ports and mechanisms of the model; everything else comes from the next provider. */
    private record ModelProvider(Syscalls sys, Kernel kernel) implements Provider {
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
        public Facts describe(Path path, boolean target) {
            return null;
        }

        @Override
        public Source source(Closeable end) {
            return end instanceof ModelChannel model ? new DescriptorSource(sys, model, model.handle) : null;
        }

        @Override
        public Target target(Closeable end) {
            return end instanceof ModelChannel model ? new DescriptorTarget(sys, model, model.handle) : null;
        }
    }

    @Test
    void nothingIsLostWhateverFails() {
        Optional<FaultScript> failing = LongStream.range(FIRST, FIRST + SCRIPTS)
                .parallel()
                .mapToObj(FaultScript::of)
                .filter(script -> play(script) != null)
                .findAny();
        failing.ifPresent(script -> {
            FaultScript small = shrink(script);
            fail(play(script) + "\n  " + script + "\n  shrunk: " + small + "\n  which says " + play(small));
        });
    }

    private static FaultScript shrink(FaultScript script) {
        FaultScript small = script;
        boolean smaller = true;
        while (smaller) {
            smaller = false;
            for (int i = 0; i < small.faults().size() && !smaller; i++) {
                FaultScript less = small.without(i);
                if (play(less) != null) {
                    small = less;
                    smaller = true;
                }
            }
            FaultScript half = small.withSize(small.size() / 2);
            if (!smaller && small.size() > 0 && play(half) != null) {
                small = half;
                smaller = true;
            }
        }
        return small;
    }

    /** Null if all is well; else what is not. */
    private static String play(FaultScript script) {
        ModelKernel model = new ModelKernel(script, Arrays.copyOf(CONTENT, script.size()));
        try {
            boolean heap = script.seed() % 2 == 0;
            ByteBuffer all = heap ? ByteBuffer.wrap(CONTENT) : DIRECT.duplicate();
            int cut = script.size() / 3;
            ByteBuffer[] memory = {all.slice(0, cut), all.slice(cut, script.size() - cut)};
            return judge(script, model, memory);
        } catch (IOException | RuntimeException | AssertionError | ReflectiveOperationException e) {
            StackTraceElement[] at = e.getStackTrace();
            return e + " " + List.of(at).subList(0, Math.min(6, at.length));
        }
    }

    private static String judge(FaultScript script, ModelKernel model, ByteBuffer[] memory)
            throws IOException, ReflectiveOperationException {
        long counted;
        ByteBuffer rest = ByteBuffer.allocate(0);
        IOException failure = null;
        try {
            counted = run(script, model, memory);
        } catch (IOException e) {
            failure = e;
            counted = e instanceof TransferException transfer ? transfer.transferred() : 0;
            rest = e instanceof TransferException transfer ? transfer.remainder() : rest;
        }
        model.sends.readAll(); // whatever became of the transfer, the kernel goes on
        byte[] received = model.target.received();
        if (received.length != counted) {
            return "counted " + counted + ", the target has " + received.length + " " + failure;
        }
        if (!Arrays.equals(received, 0, received.length, CONTENT, script.skip(), script.skip() + received.length)) {
            return "the target holds other bytes " + failure;
        }
        if (!model.source.isFile() && script.source() != Kind.MEMORY) {
            byte[] left = new byte[rest.remaining()];
            rest.duplicate().get(left);
            if (counted + left.length != model.source.position) {
                return "taken " + model.source.position + ", counted " + counted + " and handed back " + left.length
                        + " " + failure;
            }
            if (!Arrays.equals(left, 0, left.length, CONTENT, (int) counted, (int) counted + left.length)) {
                return "other bytes were handed back";
            }
        }
        if (failure == null && counted != Math.max(0, model.source.size - script.skip())) {
            return "done with " + counted + " of " + model.source.size + " less " + script.skip();
        }
        if (script.source() == Kind.MEMORY) {
            long stands = Arrays.stream(memory).mapToLong(ByteBuffer::position).sum();
            if (stands != counted) {
                return "the buffers stand at " + stands + ", counted " + counted + " " + failure;
            }
        }
        return leftovers(script, model, failure);
    }

    private static String leftovers(FaultScript script, ModelKernel model, IOException failure) {
        if (failure == null && model.mustFail()) {
            return "hides a failure: " + model.fired();
        }
        if (failure != null && model.fired().isEmpty()) {
            return "fails for nothing: " + failure;
        }
        if (model.inPipes() > 0 || model.openPipes() > 2) {
            return "left " + model.openPipes() + " ends of pipes with " + model.inPipes() + " bytes";
        }
        if (model.direct.open() > 0) {
            return "left " + model.direct.open() + " files open past the page cache";
        }
        if (model.ring.isLeft() && model.fired().stream().noneMatch(fault -> fault.startsWith("io_uring_enter"))) {
            return "left a ring, or its memory";
        }
        if (script.first() == Mechanism.MSG_ZEROCOPY) {
            for (int looks = 0; looks < 40; looks++) { // of which some fail
                model.target.handle.readReports(model.target);
            }
            int outstanding = model.target.handle.inPlace(model.sys).outstanding();
            if (outstanding > 0) {
                return outstanding + " sends are thought to be outstanding";
            }
        }
        if (model.source.flags != C.O_RDWR || model.target.flags != C.O_RDWR) {
            return "left the descriptors' flags changed";
        }
        return null;
    }

    private static long run(FaultScript script, ModelKernel model, ByteBuffer[] memory)
            throws IOException, ReflectiveOperationException {
        Transfer.Builder builder =
                script.source() == Kind.MEMORY ? Transfers.from(memory) : Transfers.from(model.source);
        builder.to(model.target).stableSource();
        for (Mechanism mechanism : Mechanism.values()) {
            boolean before = mechanism.ordinal() < script.first().ordinal();
            if (mechanism != script.first() && (before || !OFFERED.contains(mechanism))) {
                builder.use(mechanism, Preference.NEVER);
            }
        }
        if (script.first() == Mechanism.DIRECT_IO || script.first() == Mechanism.IO_URING) {
            builder.use(script.first(), Preference.AUTO); // it is a wish
        }
        if (script.first() == Mechanism.MSG_ZEROCOPY) {
            builder.use(Mechanism.MSG_ZEROCOPY, Preference.REQUIRE); // for so little
        }
        if (script.skip() > 0) {
            builder.range(script.skip(), 1L << 40);
        }
        Transfer transfer = over(model.sys, builder.build());
        if (!script.session()) {
            return transfer.run().bytes();
        }
        try (TransferSession session = transfer.open()) {
            for (int steps = 0; steps < MOST_STEPS; steps++) {
                if (session.advance() == TransferSession.Status.DONE) {
                    TransferResult result = session.result();
                    return result.bytes();
                }
            }
        }
        throw new AssertionError("steps without end");
    }

    private static final List<Mechanism> OFFERED = List.of(
            Mechanism.REFLINK,
            Mechanism.COPY_FILE_RANGE,
            Mechanism.SENDFILE,
            Mechanism.SPLICE,
            Mechanism.GATHER_WRITE,
            Mechanism.READ_WRITE);

    /** A transfer looks its providers up once for the process; here it gets its own. */
    private static Transfer over(Syscalls sys, Transfer transfer) throws ReflectiveOperationException {
        Constructor<?> constructor =
                Class.forName("io.zerocopy.internal.Providers").getDeclaredConstructor(List.class);
        constructor.setAccessible(true);
        Field providers = transfer.getClass().getDeclaredField("providers");
        providers.setAccessible(true);
        providers.set(
                transfer, constructor.newInstance(List.of(new ModelProvider(sys, new Kernel(sys)), new NioProvider())));
        return transfer;
    }
}
