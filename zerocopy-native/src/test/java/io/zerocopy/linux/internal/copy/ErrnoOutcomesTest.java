package io.zerocopy.linux.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferException;
import io.zerocopy.TransferFailure.Side;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.errno.Outcome;
import io.zerocopy.linux.internal.errno.SideTable;
import io.zerocopy.linux.internal.errno.Suspect;
import io.zerocopy.linux.internal.fd.DescriptorMode;
import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.internal.model.FaultScript;
import io.zerocopy.linux.internal.model.FaultScript.Pair;
import io.zerocopy.linux.internal.model.FaultScript.Shape;
import io.zerocopy.linux.internal.model.FaultScriptTest;
import io.zerocopy.linux.internal.model.ModelChannel;
import io.zerocopy.linux.internal.model.ModelKernel;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Strategy;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests every error of every call in the errno table that moves bytes or prepares for that, at the first call and after
 * bytes have moved. Everything of the library runs; only the kernel is a model. The transfer's result is what the table
 * says, to the byte.
 */
class ErrnoOutcomesTest {
    private static final int SIZE = 60_000;
    private static final int PACE = 8_192; // bytes of each call, so that there are several
    private static final int NOT_BY_CHANCE = 0x17; // memory outside the heap, no ring, a fast peer, no cork
    private static final byte[] CONTENT = new byte[SIZE];

    static {
        new Random(3).nextBytes(CONTENT);
    }

    /**
     * A call, and a transfer that makes it.
     *
     * @param call as the table has it
     * @param pair ends and mechanism
     * @param method which system call, as a pattern
     * @param which which of these, by their arguments
     * @param nth the number of the first call that fails
     * @param moved whether bytes have moved before it
     */
    private record Case(Call call, Pair pair, String method, Predicate<Object[]> which, int nth, boolean moved) {
        /**
         * Returns which end an error belongs to. A file as source can be read here, so it is never the cause if a copy
         * fails.
         */
        Side side(int errno) {
            boolean reads = call == Call.READ || call == Call.DIRECT_PREAD || method.equals("preadv2");
            boolean fills = call == Call.SPLICE && pair.source() == EndpointKind.TCP && nth % 2 == 1;
            boolean memory = errno == Errno.EFAULT && method.startsWith("pwrite") && call != Call.DIRECT_PWRITE;
            boolean asWhole = call == Call.COPY_FILE_RANGE && SideTable.of(call, -errno) == Suspect.EITHER;
            return reads || fills || memory ? Side.SOURCE : asWhole ? Side.UNKNOWN : Side.TARGET;
        }

        @Override
        public String toString() {
            return call + " " + pair.source() + " to " + pair.target() + ", call " + nth + " of " + method;
        }
    }

    private static Case of(
            Call call, EndpointKind from, EndpointKind to, Mechanism by, String method, int nth, boolean moved) {
        return new Case(call, new Pair(from, to, by), method, a -> true, nth, moved);
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (int nth : new int[] {1, 2, 3}) {
            boolean moved = nth > 1;
            cases.add(of(
                    Call.COPY_FILE_RANGE,
                    EndpointKind.FILE,
                    EndpointKind.FILE,
                    Mechanism.COPY_FILE_RANGE,
                    "copy_file_range",
                    nth,
                    moved));
            cases.add(
                    of(Call.SENDFILE, EndpointKind.FILE, EndpointKind.TCP, Mechanism.SENDFILE, "sendfile", nth, moved));
            cases.add(of(
                    Call.SENDFILE, EndpointKind.FILE, EndpointKind.FILE, Mechanism.SENDFILE, "sendfile", nth, moved));
            cases.add(of(Call.SPLICE, EndpointKind.PIPE, EndpointKind.FILE, Mechanism.SPLICE, "splice", nth, moved));
            cases.add(of(
                    Call.RWF_NOWAIT, EndpointKind.TCP, EndpointKind.FILE, Mechanism.READ_WRITE, "preadv2", nth, moved));
            cases.add(of(
                    Call.RWF_NOWAIT,
                    EndpointKind.FILE,
                    EndpointKind.UNIX,
                    Mechanism.READ_WRITE,
                    "pwritev2",
                    nth,
                    moved));
            cases.add(of(Call.READ, EndpointKind.FILE, EndpointKind.UNIX, Mechanism.READ_WRITE, "p?read", nth, moved));
            cases.add(of(Call.WRITE, EndpointKind.TCP, EndpointKind.FILE, Mechanism.READ_WRITE, "pwrite", nth, moved));
            Pair fromDisk = new Pair(EndpointKind.FILE, EndpointKind.TCP, Mechanism.DIRECT_IO);
            cases.add(new Case(Call.DIRECT_PREAD, fromDisk, "pread", a -> (int) a[0] > 1000, nth, moved));
            Pair toDisk = new Pair(EndpointKind.PIPE, EndpointKind.FILE, Mechanism.DIRECT_IO);
            cases.add(new Case(Call.DIRECT_PWRITE, toDisk, "pwrite", a -> (int) a[0] > 1000, nth, moved));
            Pair inPlace = new Pair(EndpointKind.MEMORY, EndpointKind.TCP, Mechanism.MSG_ZEROCOPY);
            cases.add(new Case(Call.SEND_ZEROCOPY, inPlace, "sendmsg", a -> flags(a[2]), nth, moved));
        }
        for (int nth : new int[] {1, 2, 3, 4, 5}) { // calls into a pipe and out of it, in turn
            cases.add(of(Call.SPLICE, EndpointKind.TCP, EndpointKind.UNIX, Mechanism.SPLICE, "splice", nth, nth > 2));
        }
        cases.add(of(Call.FICLONERANGE, EndpointKind.FILE, EndpointKind.FILE, Mechanism.REFLINK, "ioctl", 1, false));
        cases.add(of(Call.PIPE2, EndpointKind.TCP, EndpointKind.TCP, Mechanism.SPLICE, "pipe2", 1, false));
        cases.add(of(Call.OPEN_DIRECT, EndpointKind.FILE, EndpointKind.TCP, Mechanism.DIRECT_IO, "open", 1, false));
        Pair held = new Pair(EndpointKind.FILE, EndpointKind.TCP, Mechanism.SENDFILE);
        cases.add(new Case(Call.SETFL, held, "fcntl", a -> (int) a[1] == C.F_SETFL, 1, false));
        return cases;
    }

    private static boolean flags(Object flags) {
        return ((int) flags & C.MSG_ZEROCOPY) != 0;
    }

    static List<Integer> errnos() throws IllegalAccessException {
        List<Integer> errnos = new ArrayList<>();
        for (Field field : Errno.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
                errnos.add(field.getInt(null));
            }
        }
        return errnos;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isWhatTheTableSays(Case subject) throws Exception {
        for (int errno : errnos()) {
            Outcome expected = ErrnoTable.of(subject.call(), -errno, subject.moved());
            boolean passing = expected == Outcome.WAIT || expected == Outcome.RETRY;
            String what = subject + ": " + Errno.text(errno) + " is to " + expected;
            Play play = new Play(subject, errno, passing ? 1 : Integer.MAX_VALUE);
            try {
                TransferResult result = play.transfer().run();
                if (expected == Outcome.FAIL) {
                    fail(what + ", came to " + result);
                }
                assertThat(result.bytes()).as(what).isEqualTo(SIZE);
                assertThat(play.received()).as(what).isEqualTo(CONTENT);
                if (expected.declines()) {
                    assertThat(result.fallbacks()).as(what).isNotEmpty();
                    assertThat(result.fallbacks().get(0).mechanism())
                            .as(what)
                            .isEqualTo(subject.pair().first());
                    assertThat(result.fallbacks().get(0).reason()).as(what).contains(Errno.text(errno));
                } else if (subject.call() != Call.SEND_ZEROCOPY) { // it reports why it fell short
                    assertThat(result.fallbacks()).as(what).isEmpty();
                }
            } catch (TransferException e) {
                if (expected != Outcome.FAIL) {
                    throw new AssertionError(what, e);
                }
                assertThat(e).as(what).hasMessageContaining(Errno.text(errno));
                assertThat(e.side()).as(what).isEqualTo(subject.side(errno));
                assertThat(e.getMessage()).as(what).contains(e.side() == Side.TARGET ? ", to " : ", from ");
                byte[] received = play.received();
                assertThat(e.transferred()).as(what).isEqualTo(received.length);
                assertThat(received).as(what).isEqualTo(Arrays.copyOf(CONTENT, received.length));
                assertThat(received.length > 0).as(what).isEqualTo(subject.moved());
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError(what, e);
            }
            assertThat(play.met).as(what).isPositive();
        }
    }

    /** If the source can be neither copied nor read, the source has failed, not the target. */
    @ParameterizedTest
    @MethodSource("cases")
    void isTheSourcesFailureIfItCannotBeReadEither(Case subject) throws Exception {
        boolean asks = subject.call() == Call.SENDFILE || subject.call() == Call.COPY_FILE_RANGE;
        if (!asks || !subject.moved()) {
            return;
        }
        for (int errno : new int[] {Errno.EIO, Errno.ESTALE, Errno.EINVAL, Errno.ENOMEM, 117}) {
            Play play = new Play(subject, errno, Integer.MAX_VALUE);
            play.unreadable = true;
            try {
                play.transfer().run();
                assertThat(ErrnoTable.of(subject.call(), -errno, true)).isNotEqualTo(Outcome.FAIL);
            } catch (TransferException e) {
                assertThat(e.side()).as(subject + ": " + errno).isEqualTo(Side.SOURCE);
                assertThat(e).hasMessageContaining(" bytes, from ");
            }
        }
    }

    /** A filter that was added later also refuses descriptor -1; a file that cannot be written to does not. */
    @Test
    void whatIsRefusedWithoutADescriptorIsNotTriedAgain() throws Exception {
        for (int errno : new int[] {Errno.EPERM, Errno.ENOSYS}) {
            for (boolean filtered : new boolean[] {false, true}) {
                Case subject = cases().get(0);
                Play play = new Play(subject, errno, Integer.MAX_VALUE);
                Strategy strategy = ChannelFixture.strategy(play.kernel, Mechanism.COPY_FILE_RANGE);
                assertThat(strategy.unavailableBecause()).isNull();
                play.filtered = filtered;
                play.transfer().run();
                assertThat(strategy.unavailableBecause())
                        .isEqualTo(filtered ? "copy_file_range: " + Errno.text(errno) : null);
                assertThat(play.met).isEqualTo(filtered ? 2 : 1); // the second call is without a descriptor
            }
        }
    }

    /** One transfer over the model kernel, whose calls return an error from the n-th one on. */
    private static final class Play {
        private final Case subject;
        private final int errno;
        private final int times;
        private final ModelKernel model;
        private final Syscalls sys;
        private final Kernel kernel;
        private boolean filtered; // also without
        private boolean unreadable; // whether reads of the source fail, too
        private int calls;
        private int met;

        Play(Case subject, int errno, int times) {
            this.subject = subject;
            this.errno = errno;
            this.times = times;
            Shape shape = new Shape(0, 0, SIZE, SIZE, 0, 0, PACE, 0, 0);
            FaultScript nothing = new FaultScript(0, NOT_BY_CHANCE, subject.pair(), shape, false, List.of(), null);
            this.model = new ModelKernel(nothing, CONTENT.clone(), new byte[0]);
            this.sys = (Syscalls) Proxy.newProxyInstance(
                    Syscalls.class.getClassLoader(),
                    new Class<?>[] {Syscalls.class},
                    (proxy, method, arguments) -> answer(method, arguments));
            this.kernel = new Kernel(sys);
            for (ModelChannel end : List.of(model.source, model.target)) {
                if (end.lease.waits()) {
                    end.lease.share(new DescriptorMode(sys)); // its calls must fail as well
                }
            }
        }

        private Object answer(Method method, Object[] arguments) throws Throwable {
            boolean nobody = arguments.length > 0 && arguments[0] instanceof Integer fd && fd == -1;
            boolean asked = method.getName().matches(subject.method())
                    && (nobody ? filtered : subject.which().test(arguments) && ++calls >= subject.nth());
            if (asked && met < times) {
                met++;
                model.source.refused = true; // so that a wait for either end has a reason
                model.target.refused = true;
                return method.getReturnType() == int.class ? (Object) (-errno) : (Object) (long) -errno;
            }
            if (unreadable && met > 0 && method.getName().matches("p?read")) {
                return (long) -errno;
            }
            try {
                return method.invoke(model.sys, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        Transfer transfer() throws ReflectiveOperationException {
            ByteBuffer memory = ByteBuffer.allocateDirect(SIZE).put(CONTENT).flip();
            Mechanism first = subject.pair().first();
            Transfer.Builder builder = subject.pair().source() == EndpointKind.MEMORY
                    ? Transfers.from(memory)
                    : Transfers.from(model.source);
            builder.to(model.target).stableSource().queueDepth(1);
            for (Mechanism other : Mechanism.values()) {
                if (other != first && other != Mechanism.READ_WRITE) {
                    builder.use(other, Preference.NEVER);
                }
            }
            builder.use(first, first == Mechanism.MSG_ZEROCOPY ? Preference.REQUIRE : Preference.AUTO);
            return FaultScriptTest.over(sys, kernel, builder.build());
        }

        byte[] received() {
            model.sends.readAll();
            return model.target.received();
        }
    }
}
