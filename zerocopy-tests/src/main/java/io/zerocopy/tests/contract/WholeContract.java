package io.zerocopy.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferFailure;
import io.zerocopy.TransferPlan.Candidate;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.Leg;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.Transfers;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Strategy;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.LeakCheck;
import io.zerocopy.tests.fixture.SelectorDrive;
import io.zerocopy.tests.fixture.Stalled;
import io.zerocopy.tests.fixture.StatusFlags;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** The part of {@link StrategyContract} that goes through the public API, with each mechanism required by name. */
abstract class WholeContract extends ProviderContract {
    private static final List<Long> SIZES =
            List.of(0L, 1L, 4095L, 4097L, 65_535L, 65_537L, (1L << 20) - 1, (1L << 20) + 1);
    private static final long LOOKS_AROUND_AT = 65_537;
    private static final long CHUNK = 100_000;
    private static final int SENT = 1000;
    private static final int MORE_THAN_FITS = 24 << 20;

    WholeContract(Provider provider) {
        super(provider);
    }

    /**
     * Each mechanism by name on each pair: it moves every byte without any other mechanism, or says before the first
     * byte why it cannot.
     */
    @TestFactory
    Stream<DynamicNode> wholeTransfersMoveEveryByteAloneOrSayWhyNot() {
        return whole((strategy, source, target) -> () -> {
            LeakCheck leaks = null; // recorded after the first run, which has created what the provider keeps
            for (long size : source.sized() ? SIZES : List.of(1L)) {
                if (!movesAlone(strategy, source, target, size)) {
                    return;
                }
                leaks = leaks == null ? new LeakCheck() : leaks;
            }
            leaks.hasHardlyGrown(patience());
        });
    }

    private boolean movesAlone(Strategy strategy, SourceCase sourceCase, TargetCase targetCase, long size)
            throws Exception {
        try (TestFixture fixture = fixture()) {
            SourceCase.Opened source = sourceCase.open(fixture, size);
            TargetCase.Opened target = targetCase.open(fixture, source.content());
            Transfer transfer = target.into()
                    .put(source.builder())
                    .use(strategy.name(), Preference.REQUIRE)
                    .build();
            Candidate candidate = transfer.plan().candidates().stream()
                    .filter(c -> c.name().equals(strategy.name()))
                    .findFirst()
                    .orElseThrow();
            if (!candidate.eligible()) {
                assertThatThrownBy(transfer::run)
                        .isInstanceOf(MechanismUnavailableException.class)
                        .hasMessageContaining(strategy.name() + ": " + candidate.reason());
                return false;
            }
            Surroundings around =
                    source.size() == LOOKS_AROUND_AT ? new Surroundings(fixture.directory(), target.made()) : null;
            TransferResult result;
            try {
                result = transfer.run();
            } catch (MechanismUnavailableException declined) {
                assertThat(mayDecline(strategy.mechanism(), false))
                        .as(declined.getMessage())
                        .isTrue();
                assertThat(declined).hasMessageContaining(strategy.name());
                return false;
            }
            if (source.size() > 0) {
                assertThat(result.legs())
                        .containsExactly(new Leg(strategy.mechanism(), strategy.name(), source.size()));
            }
            assertThat(result.bytes()).as("bytes counted").isEqualTo(source.size());
            assertThat(result.mechanismName()).as("what moved them").isEqualTo(strategy.name());
            if (source.channel() instanceof FileChannel file) {
                assertThat(file.position()).as("the source's own position").isEqualTo(source.size());
            }
            untouched(source.channel());
            untouched(target.channel());
            if (around != null) {
                around.areUnchanged();
            }
            assertThat(target.finish().count()).as("bytes that arrived").isIn(source.size(), -1L);
            return true;
        }
    }

    private static void untouched(Channel channel) {
        if (channel != null) {
            assertThat(channel.isOpen()).as("%s is open", channel).isTrue();
        }
        if (channel instanceof SelectableChannel selectable) {
            assertThat(selectable.isBlocking()).as("%s is blocking", channel).isTrue();
        }
    }

    /** Needed because a mechanism that refuses every pair passes every other test. One that {@link #mayDecline} may. */
    @TestFactory
    Stream<DynamicNode> everyMechanismServesSomeWholeTransfer() {
        return installed()
                .map(strategy -> limited(
                        strategy.name(),
                        () -> assertThat(mayDecline(strategy.mechanism(), false)
                                        || Stream.of(SourceCase.values())
                                                .anyMatch(source -> Stream.of(TargetCase.values())
                                                        .anyMatch(target -> serves(strategy, source, target))))
                                .as("some pair is served when this is required")
                                .isTrue()));
    }

    private boolean serves(Strategy strategy, SourceCase sourceCase, TargetCase targetCase) {
        try (TestFixture fixture = fixture()) {
            SourceCase.Opened source = sourceCase.open(fixture, 1);
            TargetCase.Opened target = targetCase.open(fixture, source.content());
            return serves(target.into()
                    .put(source.builder())
                    .use(strategy.name(), Preference.REQUIRE)
                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A selector loop that uses only the statuses. */
    @TestFactory
    Stream<DynamicNode> sessionsMoveEveryByteByTheirStatusesAlone() {
        return whole((strategy, source, target) -> () -> movesBySelector(strategy, source, target));
    }

    private void movesBySelector(Strategy strategy, SourceCase sourceCase, TargetCase targetCase) throws Exception {
        try (TestFixture fixture = fixture()) {
            SourceCase.Opened source = sourceCase.open(fixture, 777_777);
            TargetCase.Opened target = targetCase.open(fixture, source.content());
            nonBlocking(source.channel());
            nonBlocking(target.channel());
            Transfer transfer = target.into()
                    .put(source.builder())
                    .use(strategy.name(), Preference.REQUIRE)
                    .fairChunk(CHUNK)
                    .build();
            if (!serves(transfer)) {
                return;
            }
            try (TransferSession session = transfer.open();
                    SelectorDrive drive = new SelectorDrive(session, source.channel(), target.channel())) {
                long before = 0;
                Status status = Status.PROGRESS;
                while (status != Status.DONE) {
                    status = drive.advance();
                    assertThat(session.transferred() - before)
                            .as("bytes of one chunk")
                            .isBetween(0L, CHUNK);
                    before = session.transferred();
                }
                assertThat(session.result().bytes()).as("bytes counted").isEqualTo(source.size());
                assertThat(session.result().mechanismName())
                        .as("what moved them")
                        .isEqualTo(strategy.name());
                assertThat(drive.waitsForNothing())
                        .as("waits that ended for nothing")
                        .isLessThanOrEqualTo(1);
            } catch (MechanismUnavailableException declined) {
                assertThat(mayDecline(strategy.mechanism(), false))
                        .as(declined.getMessage())
                        .isTrue();
                return;
            }
            assertThat(target.finish().count()).as("bytes that arrived").isIn(source.size(), -1L);
        }
    }

    static boolean serves(Transfer transfer) {
        return transfer.plan().chosen().isPresent();
    }

    private static void nonBlocking(Channel channel) throws IOException {
        if (channel instanceof SelectableChannel selectable) {
            selectable.configureBlocking(false);
        }
    }

    /** The peer sends nothing more. */
    @TestFactory
    Stream<DynamicNode> whatWaitsForItsSourceIsEndedFromOutside() {
        return stalls((strategy, kind, how) -> () -> silent(strategy, kind, how));
    }

    private void silent(Strategy strategy, SourceDriver.Of kind, Stalled.By how) throws Exception {
        try (TestFixture fixture = fixture()) {
            Channel[] pair = pair(fixture, kind);
            FileChannel target = fixture.keep(
                    FileChannel.open(fixture.path("t"), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            AtomicLong heard = new AtomicLong();
            Transfer transfer = Transfers.from((ReadableByteChannel) pair[0])
                    .to(target)
                    .use(strategy.name(), Preference.REQUIRE)
                    .onProgress((n, total) -> heard.set(n))
                    .build();
            if (!serves(transfer)) {
                return;
            }
            StatusFlags flags = new StatusFlags();
            Stalled stalled = new Stalled(transfer);
            ((WritableByteChannel) pair[1]).write(ByteBuffer.wrap(Content.PATTERN.bytes(0, SENT)));
            TestFixture.until("what was sent has arrived", () -> heard.get() == SENT);
            TransferFailure failure = (TransferFailure) stalled.end(how, pair[0], target);
            flags.areUnchanged();
            assertThat(failure.transferred()).as("bytes counted").isEqualTo(SENT);
            assertThat(failure.remainder().remaining())
                    .as("bytes handed back, of which all were delivered")
                    .isZero();
            if (how != Stalled.By.CLOSE_TARGET) {
                assertThat(target.position()).as("the target's own position").isEqualTo(SENT);
            }
        }
    }

    /** The peer reads nothing. */
    @TestFactory
    Stream<DynamicNode> whatWaitsForItsTargetIsEndedFromOutside() {
        return stalls((strategy, kind, how) -> () -> full(strategy, kind, how));
    }

    private void full(Strategy strategy, SourceDriver.Of kind, Stalled.By how) throws Exception {
        try (TestFixture fixture = fixture()) {
            Channel[] pair = pair(fixture, kind);
            WritableByteChannel target = (WritableByteChannel) pair[1];
            FileChannel source = fixture.keep(FileChannel.open(fixture.file(MORE_THAN_FITS)));
            Transfer transfer = Transfers.from(source)
                    .to(target)
                    .use(strategy.name(), Preference.REQUIRE)
                    .build();
            if (!serves(transfer)) {
                return;
            }
            StatusFlags flags = new StatusFlags();
            TransferFailure failure = (TransferFailure) new Stalled(transfer).end(how, source, target);
            flags.areUnchanged();
            assertThat(failure.transferred()).as("bytes counted").isBetween(1L, MORE_THAN_FITS - 1L);
            if (how != Stalled.By.CLOSE_SOURCE) {
                assertThat(source.position()).as("the source's own position").isEqualTo(failure.transferred());
            }
            target.close();
            assertThat(TestFixture.drain(Channels.newInputStream((ReadableByteChannel) pair[0]), Content.PATTERN))
                    .as("exactly what was counted has reached the peer")
                    .isEqualTo(failure.transferred());
        }
    }

    /** Returns two channels; bytes written to [1] are read from [0]. */
    private static Channel[] pair(TestFixture fixture, SourceDriver.Of kind) throws IOException {
        if (kind == SourceDriver.Of.PIPE) {
            Pipe pipe = fixture.pipe();
            return new Channel[] {pipe.source(), pipe.sink()};
        }
        SocketChannel[] pair = kind == SourceDriver.Of.TCP ? fixture.tcp() : fixture.unix();
        return new Channel[] {pair[0], pair[1]};
    }

    private interface Stall {
        Executable test(Strategy strategy, SourceDriver.Of kind, Stalled.By how);
    }

    private Stream<DynamicNode> stalls(Stall stall) {
        return sampled(installed()
                .flatMap(strategy -> Stream.of(SourceDriver.Of.PIPE, SourceDriver.Of.TCP, SourceDriver.Of.UNIX)
                        .flatMap(kind -> Stream.of(Stalled.By.values())
                                .map(how -> limited(
                                        strategy.name() + ": " + kind + ", " + how,
                                        stall.test(strategy, kind, how))))));
    }

    private interface Whole {
        Executable test(Strategy strategy, SourceCase source, TargetCase target);
    }

    private Stream<DynamicNode> whole(Whole test) {
        return sampled(installed()
                .flatMap(strategy -> Stream.of(SourceCase.values())
                        .flatMap(source -> Stream.of(TargetCase.values())
                                .map(target -> limited(
                                        strategy.name() + ": " + source + " to " + target,
                                        test.test(strategy, source, target))))));
    }
}
