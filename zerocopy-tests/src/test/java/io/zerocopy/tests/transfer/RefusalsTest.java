package io.zerocopy.tests.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Part;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A refused transfer leaves its ends as they were: every reason to refuse × every kind of name that a target can have,
 * with and without the native part. The plan refuses as well.
 */
class RefusalsTest {
    private static final int SIZE = 9000;
    private static final int STANDS = 7;

    /** Adds settings to a transfer, so that it is refused. */
    private interface Said {
        Transfer.Builder of(Transfer.Builder builder);
    }

    /** Creates a source that cannot be used, and the other settings of its transfer. */
    private interface Bad {
        Transfer.Builder open(TestFixture fixture, Path target) throws IOException;
    }

    /**
     * One reason to refuse.
     *
     * @param name a name for readers
     * @param thrown the exception, of exactly this class
     * @param plans whether a plan, which has no mode, refuses it too
     * @param opens whether a session refuses it as well
     * @param files whether the target must be an existing file
     * @param transfer creates the transfer, without its target
     */
    private record Refusal(String name, Class<?> thrown, boolean plans, boolean opens, boolean files, Bad transfer) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static ByteBuffer header(int bytes) {
        return ByteBuffer.allocate(bytes);
    }

    private static Transfer.Builder without(Transfer.Builder builder) {
        for (Mechanism mechanism : Mechanism.values()) {
            builder.use(mechanism, Preference.NEVER);
        }
        return builder;
    }

    private static final Map<String, Said> UNSERVED = Map.of(
            "no mechanism is left",
            RefusalsTest::without,
            "no mechanism is left, with a header",
            b -> without(b).header(header(3)).trailer(header(2)),
            "what is required is for sockets",
            b -> b.use(Mechanism.MSG_ZEROCOPY, Preference.REQUIRE),
            "what is required is for sockets, with a header",
            b -> b.use(Mechanism.MSG_ZEROCOPY, Preference.REQUIRE).header(header(3)),
            "what is required declines",
            b -> b.use(Mechanism.REFLINK, Preference.REQUIRE),
            "what is required declines behind a header",
            b -> b.use(Mechanism.REFLINK, Preference.REQUIRE).header(header(4096)));

    private static List<Refusal> refusals() {
        List<Refusal> all = new ArrayList<>();
        for (RefusedSource from : RefusedSource.values()) {
            UNSERVED.forEach((name, said) -> all.add(new Refusal(
                    from + ": " + name,
                    MechanismUnavailableException.class,
                    true,
                    true,
                    false,
                    (fixture, target) -> said.of(RefusedSource.builder(from.open(fixture))))));
            all.add(refusal(
                    from + ": no file is so long",
                    IllegalArgumentException.class,
                    (fixture, target) ->
                            RefusedSource.builder(from.open(fixture)).targetPosition(Long.MAX_VALUE)));
        }
        refuseSources(all);
        refuseRanges(all);
        return all;
    }

    private static void refuseSources(List<Refusal> all) {
        all.add(refusal(
                "missing", NoSuchFileException.class, (fixture, to) -> RefusedSource.builder(fixture.path("missing"))));
        all.add(refusal(
                "directory", FileSystemException.class, (fixture, to) -> RefusedSource.builder(fixture.directory())));
        all.add(refusal(
                "channel of a directory",
                IllegalArgumentException.class,
                (fixture, to) -> RefusedSource.builder(fixture.keep(FileChannel.open(fixture.directory())))));
        all.add(refusal(
                "part of a channel of a directory",
                IllegalArgumentException.class,
                (fixture, to) -> Transfers.concat(Part.of(fixture.keep(FileChannel.open(fixture.directory())), 0, 1))));
        all.add(refusal("closed file", ClosedChannelException.class, (fixture, to) -> {
            FileChannel closed = FileChannel.open(fixture.file(SIZE));
            closed.close();
            return RefusedSource.builder(closed);
        }));
        all.add(refusal("closed socket", ClosedChannelException.class, (fixture, to) -> {
            SocketChannel closed = fixture.tcp()[0];
            closed.close();
            return RefusedSource.builder(closed);
        }));
        all.add(refusal(
                "not connected",
                NotYetConnectedException.class,
                (fixture, to) -> RefusedSource.builder(fixture.keep(SocketChannel.open()))));
        all.add(refusal(
                "cannot be read",
                NonReadableChannelException.class,
                (fixture, to) -> RefusedSource.builder(
                        fixture.keep(FileChannel.open(fixture.file(SIZE), StandardOpenOption.WRITE)))));
        all.add(new Refusal("non-blocking", IllegalBlockingModeException.class, false, false, false, (fixture, to) -> {
            SocketChannel socket = fixture.tcp()[0];
            socket.configureBlocking(false);
            return RefusedSource.builder(socket);
        }));
    }

    private static void refuseRanges(List<Refusal> all) {
        for (RefusedSource from :
                List.of(RefusedSource.SOCKET, RefusedSource.PIPE, RefusedSource.STREAM, RefusedSource.FOREIGN)) {
            all.add(refusal(
                    from + ": has no ranges",
                    IllegalArgumentException.class,
                    (fixture, to) -> RefusedSource.builder(from.open(fixture)).range(0, 5)));
        }
        all.add(refusal(
                "part too short",
                EOFException.class,
                (fixture, to) -> Transfers.concat(Part.of(header(3)), Part.of(fixture.file(SIZE), 0, SIZE + 1L))
                        .header(header(3))));
        all.add(refusal(
                "part of a channel too short",
                EOFException.class,
                (fixture, to) ->
                        Transfers.concat(Part.of(fixture.keep(FileChannel.open(fixture.file(SIZE))), SIZE, 1))));
        all.add(new Refusal(
                "same file",
                IllegalArgumentException.class,
                true,
                true,
                true,
                (fixture, to) -> RefusedSource.builder(to)));
        all.add(new Refusal(
                "same file behind memory",
                IllegalArgumentException.class,
                true,
                true,
                true,
                (fixture, to) -> Transfers.concat(Part.of(header(3)), Part.of(to, 0, Files.size(to)))));
        all.add(new Refusal(
                "same file by channel",
                IllegalArgumentException.class,
                true,
                true,
                true,
                (fixture, to) -> RefusedSource.builder(fixture.keep(FileChannel.open(to)))));
    }

    private static Refusal refusal(String name, Class<?> thrown, Bad transfer) {
        return new Refusal(name, thrown, true, true, false, transfer);
    }

    static Stream<Arguments> cases() {
        return refusals().stream()
                .flatMap(refusal -> Stream.of(RefusedTarget.values())
                        .filter(target -> !refusal.files() || target.isRegular())
                        .flatMap(target ->
                                Stream.of(Arguments.of(refusal, target, ""), Arguments.of(refusal, target, "native"))));
    }

    @AfterEach
    void switchOn() {
        System.clearProperty("zerocopy.disable");
    }

    @ParameterizedTest(name = "{0}, to {1}, without {2}")
    @MethodSource("cases")
    void leavesEverythingAsItWas(Object reason, RefusedTarget kind, String off) throws Exception {
        Refusal refusal = (Refusal) reason;
        System.setProperty("zerocopy.disable", off);
        try (TestFixture fixture = new TestFixture()) {
            Path target = kind.make(fixture, fixture.path("target"));
            if (refusal.name().contains("declines")) {
                Assumptions.assumeTrue(
                        Transfers.capabilities()
                                .reflinkUnavailableBecause(fixture.directory())
                                .isPresent(),
                        "files are cloned here");
            }
            if (refusal.files() && kind == RefusedTarget.EMPTY_FILE && off.equals("native")) {
                return; // without the native part, an empty file counts as a virtual one, which has no bytes to lose
            }
            Transfer transfer = refusal.transfer()
                    .open(fixture, target)
                    .to(target)
                    .timeout(Duration.ofSeconds(TestFixture.DEADLINE_SECONDS))
                    .build();
            RefusedTarget.Seen before = RefusedTarget.Seen.of(fixture, target);
            if (refusal.plans()) {
                assertThat(transfer.plan().chosen()).as("%s", transfer.plan()).isEmpty();
            }
            refused(refusal, catchThrowable(transfer::run));
            assertThat(RefusedTarget.Seen.of(fixture, target)).isEqualTo(before);
            if (refusal.opens()) {
                refused(refusal, catchThrowable(() -> advance(transfer)));
                assertThat(RefusedTarget.Seen.of(fixture, target)).isEqualTo(before);
            }
        }
    }

    private static void advance(Transfer transfer) throws IOException {
        try (TransferSession session = transfer.open()) {
            session.advance();
        }
    }

    private static void refused(Refusal refusal, Throwable thrown) {
        assertThat(thrown).isInstanceOf(refusal.thrown());
        if (thrown.getClass() != refusal.thrown()) { // the JDK's exception takes no text
            assertThat(thrown.getClass().getSuperclass()).isEqualTo(refusal.thrown());
            assertThat(thrown.getMessage()).isNotBlank();
        }
    }

    /** All bytes of the source are still there, and its channel is at its former position. */
    @ParameterizedTest
    @EnumSource(RefusedSource.class)
    void leavesTheSourceAsItWas(RefusedSource from) throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            for (RefusedTarget kind : RefusedTarget.values()) {
                Path target = kind.make(fixture, fixture.path("target"));
                Object source = from.open(fixture);
                Transfer refused =
                        without(RefusedSource.builder(source)).to(target).build();
                assertThat(catchThrowable(refused::run)).isInstanceOf(MechanismUnavailableException.class);
                assertThat(RefusedSource.left(source)).isEqualTo(RefusedSource.left(from.open(fixture)));
            }
        }
    }
}
