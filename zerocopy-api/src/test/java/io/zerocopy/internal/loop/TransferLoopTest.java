package io.zerocopy.internal.loop;

import static io.zerocopy.Mechanism.COPY_FILE_RANGE;
import static io.zerocopy.Mechanism.GATHER_WRITE;
import static io.zerocopy.Mechanism.READ_WRITE;
import static io.zerocopy.Mechanism.SENDFILE;
import static io.zerocopy.Mechanism.SPLICE;
import static io.zerocopy.internal.loop.ScriptedProvider.fails;
import static io.zerocopy.internal.loop.ScriptedProvider.moves;
import static io.zerocopy.internal.loop.ScriptedProvider.says;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Preference;
import io.zerocopy.TransferClosedByInterruptException;
import io.zerocopy.TransferClosedException;
import io.zerocopy.TransferException;
import io.zerocopy.TransferFailure.Side;
import io.zerocopy.TransferInterruptedException;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.End;
import io.zerocopy.TransferResult.Fallback;
import io.zerocopy.TransferResult.Leg;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.internal.build.TransferBuilder;
import io.zerocopy.internal.plan.KillSwitches;
import io.zerocopy.internal.plan.Providers;
import io.zerocopy.internal.plan.TransferSpec;
import io.zerocopy.spi.EndpointException;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Step;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransferLoopTest extends ScriptedTransfer {
    @Test
    void movesUntilTheSourceEnds() throws IOException {
        provider.with(SPLICE, "", moves(5), says(Step.AWAIT_SOURCE), moves(7), says(Step.AWAIT_TARGET), moves(1));
        TransferResult result = drive();
        assertThat(result.bytes()).isEqualTo(13);
        assertThat(result.end()).isEqualTo(End.SOURCE_ENDED);
        assertThat(result.legs()).containsExactly(new Leg(SPLICE, 13));
        assertThat(heard).containsExactly(5L, 12L, 13L);
    }

    @Test
    void stopsAtTheCountWithoutAskingForMore() throws IOException {
        count = 10;
        provider.with(SPLICE, "", moves(6), moves(6), moves(6));
        TransferResult result = drive();
        assertThat(result.bytes()).isEqualTo(10);
        assertThat(result.end()).isEqualTo(End.COUNT_REACHED);
        assertThat(provider.journal)
                .containsExactly("open SPLICE", "SPLICE 0>-1 10", "SPLICE 6>-1 4", "close SPLICE")
                .describedAs("streams have no positions");
    }

    @Test
    void aListenerIsCalledEveryEightMiB() throws IOException {
        count = 20 << 20;
        provider.with(SPLICE, "", moves(1 << 30), moves(1 << 30), moves(1 << 30));
        drive();
        assertThat(heard).containsExactly(8L << 20, 16L << 20, 20L << 20);
    }

    @Test
    void declinesBeforeTheFirstByteAndTheNextOneStartsThere() throws IOException {
        provider.with(SPLICE, "", says(Step.DECLINED)).with(READ_WRITE, "", moves(4));
        TransferResult result = drive();
        assertThat(result.mechanism()).isEqualTo(READ_WRITE);
        assertThat(result.fallbacks()).containsExactly(new Fallback(SPLICE, "SPLICE: EINVAL (Invalid argument)"));
    }

    @Test
    void deliversTheResidueBeforeTheNextMechanismContinues() throws IOException {
        count = 20;
        provider.with(SPLICE, "residue!", moves(5), says(Step.DECLINED)).with(READ_WRITE, "", moves(100));
        TransferResult result = drive();
        assertThat(result.bytes()).isEqualTo(20);
        assertThat(provider.target.written).hasToString("residue!");
        assertThat(provider.journal).contains("READ_WRITE 13>-1 7");
        assertThat(result.legs()).containsExactly(new Leg(SPLICE, 5), new Leg(READ_WRITE, 15));
    }

    @Test
    void filesContinueAtTheExactPositionAndTheChannelsFollow() throws IOException {
        provider.source.facts = EndpointFacts.of(EndpointKind.FILE, 1000, true);
        provider.source.position = 100;
        provider.target.facts = EndpointFacts.of(EndpointKind.FILE, 0, true);
        provider.target.position = 7;
        provider.with(COPY_FILE_RANGE, "", moves(50), says(Step.DECLINED)).with(SENDFILE, "", moves(2000));
        TransferResult result = drive();
        assertThat(result.bytes()).isEqualTo(900);
        assertThat(provider.journal)
                .contains("COPY_FILE_RANGE 100>7 900", "COPY_FILE_RANGE 150>57 850", "SENDFILE 150>57 850");
        assertThat(provider.source.position).isEqualTo(1000);
        assertThat(provider.target.position).isEqualTo(907);
    }

    @Test
    void anInterruptThatHasClosedAChannelIsNoInterruptWithBothOpen() throws IOException {
        provider.with(SPLICE, "", asked -> {
            Thread.currentThread().interrupt();
            provider.target.open = false;
            return 10;
        });
        try {
            var failure = catchThrowableOfType(TransferClosedByInterruptException.class, this::drive);
            assertThat(failure.transferred()).isEqualTo(10);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void failureCarriesCountMechanismAndRemainder() {
        provider.with(SPLICE, "tail", moves(6), fails("splice: EPIPE (Broken pipe)"));
        TransferException e = catchThrowableOfType(TransferException.class, this::drive);
        assertThat(e).hasMessage("splice: EPIPE (Broken pipe) after 6 bytes, from pipe to pipe");
        assertThat(e.side()).isEqualTo(Side.UNKNOWN);
        assertThat(e.transferred()).isEqualTo(6);
        assertThat(e.mechanism()).contains(SPLICE);
        assertThat(US_ASCII.decode(e.remainder()).toString()).isEqualTo("tail");
    }

    @Test
    void requiredMechanismThatIsRefusedFailsWithItsReason() {
        preferences[SPLICE.ordinal()] = Preference.REQUIRE;
        provider.refusing(SPLICE, "target is open for append").with(READ_WRITE, "", moves(4));
        assertThatThrownBy(this::drive)
                .isInstanceOf(MechanismUnavailableException.class)
                .hasMessageContaining("SPLICE: target is open for append")
                .hasMessageNotContaining("READ_WRITE");
    }

    @Test
    void requiredMechanismThatDeclinesFailsWithWhatTheKernelSaid() {
        preferences[SPLICE.ordinal()] = Preference.REQUIRE;
        provider.with(SPLICE, "", says(Step.DECLINED)).with(READ_WRITE, "", moves(4));
        assertThatThrownBy(this::drive)
                .isInstanceOf(MechanismUnavailableException.class)
                .hasMessageContaining("SPLICE: SPLICE: EINVAL (Invalid argument)");
        assertThat(provider.journal).doesNotContain("open READ_WRITE");
    }

    @Test
    void requiredMechanismThatDeclinesWithBytesInHandReturnsThem() {
        preferences[SPLICE.ordinal()] = Preference.REQUIRE;
        provider.with(SPLICE, "mine", says(Step.DECLINED));
        TransferException e = catchThrowableOfType(TransferException.class, this::drive);
        assertThat(e.transferred()).isZero();
        assertThat(US_ASCII.decode(e.remainder()).toString()).isEqualTo("mine");
    }

    @Test
    void neverTakesAMechanismOut() throws IOException {
        preferences[SPLICE.ordinal()] = Preference.NEVER;
        provider.with(SPLICE, "", moves(4)).with(READ_WRITE, "", moves(4));
        assertThat(drive().legs()).containsExactly(new Leg(READ_WRITE, 4));
    }

    @Test
    void killSwitchTakesAMechanismOut() throws IOException {
        System.setProperty(KillSwitches.PROPERTY, "sendfile, Splice");
        try {
            provider.with(SPLICE, "", moves(4)).with(READ_WRITE, "", moves(4));
            assertThat(drive().mechanism()).isEqualTo(READ_WRITE);
        } finally {
            System.clearProperty(KillSwitches.PROPERTY);
        }
    }

    @Test
    void headerBodyAndTrailerArriveInOrder() throws IOException {
        header =
                new ByteBuffer[] {ByteBuffer.wrap("head".getBytes(US_ASCII)), ByteBuffer.wrap("er".getBytes(US_ASCII))};
        trailer = new ByteBuffer[] {ByteBuffer.wrap("end".getBytes(US_ASCII))};
        provider.with(SPLICE, "", moves(5));
        TransferResult result = drive();
        assertThat(provider.target.written).hasToString("headerend");
        assertThat(result.bytes()).isEqualTo(14);
        assertThat(result.legs()).containsExactly(new Leg(GATHER_WRITE, 9), new Leg(SPLICE, 5));
    }

    @Test
    void interruptEndsAWaitAndStaysSet() throws IOException {
        provider.source.readyOnAwait = false;
        provider.with(SPLICE, "", moves(5), says(Step.AWAIT_SOURCE));
        try (TransferLoop loop = open()) {
            assertThat(loop.advance()).isEqualTo(Status.AWAIT_SOURCE);
            Thread.currentThread().interrupt();
            TransferInterruptedException e =
                    catchThrowableOfType(TransferInterruptedException.class, () -> loop.await(Status.AWAIT_SOURCE));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(e.transferred()).isEqualTo(5);
            assertThat(e.bytesTransferred).isEqualTo(5);
        }
    }

    @Test
    void closeOfTheOtherEndEndsAWait() throws IOException {
        provider.source.readyOnAwait = false;
        provider.with(SPLICE, "", moves(5), says(Step.AWAIT_SOURCE));
        try (TransferLoop loop = open()) {
            assertThat(loop.advance()).isEqualTo(Status.AWAIT_SOURCE);
            provider.target.open = false;
            assertThatThrownBy(() -> loop.await(Status.AWAIT_SOURCE)).isInstanceOf(TransferClosedException.class);
        }
    }

    @Test
    void timeoutEndsAWaitWithTheCount() {
        timeoutNanos = 1;
        provider.with(SPLICE, "", moves(5));
        assertThatThrownBy(this::drive)
                .isInstanceOf(TransferException.class)
                .hasMessage("timed out after 0 bytes, from pipe to pipe");
    }

    @Test
    void timeoutSaysWhichEndWasWaitedFor() {
        for (Side side : new Side[] {Side.SOURCE, Side.TARGET}) {
            ScriptedProvider waiting = new ScriptedProvider()
                    .with(SPLICE, "", moves(5), says(side == Side.SOURCE ? Step.AWAIT_SOURCE : Step.AWAIT_TARGET));
            TransferSpec spec = (TransferSpec) new TransferBuilder(new ByteArrayInputStream(new byte[0]))
                    .to(new ByteArrayOutputStream())
                    .timeout(Duration.ofMillis(20))
                    .build();
            waiting.source.readyOnAwait = false;
            waiting.target.readyOnAwait = false;
            TransferException e = catchThrowableOfType(TransferException.class, () -> {
                try (TransferLoop loop = TransferLoop.open(new Providers(List.of(waiting)), spec, false)) {
                    Status status = loop.advance();
                    while (status == Status.PROGRESS) {
                        status = loop.advance();
                    }
                    loop.await(status);
                }
            });
            assertThat(e.side()).isEqualTo(side);
            assertThat(e)
                    .hasMessage("timed out after 5 bytes, waiting for the "
                            + (side == Side.SOURCE ? "source" : "target") + ", from pipe to pipe");
        }
    }

    @Test
    void failureOfOneEndNamesThatEnd() {
        for (Side side : Side.values()) {
            ScriptedProvider failing = new ScriptedProvider().with(SPLICE, "", moves(5), count -> {
                throw new EndpointException("splice: EIO (Input/output error)", null, side);
            });
            TransferSpec spec = (TransferSpec) new TransferBuilder(new ByteArrayInputStream(new byte[0]))
                    .to(new ByteArrayOutputStream())
                    .build();
            TransferException e = catchThrowableOfType(TransferException.class, () -> {
                try (TransferLoop loop = TransferLoop.open(new Providers(List.of(failing)), spec, true)) {
                    while (loop.advance() != Status.DONE) {
                        continue;
                    }
                }
            });
            assertThat(e.side()).isEqualTo(side);
            String ends =
                    side == Side.SOURCE ? ", from pipe" : side == Side.TARGET ? ", to pipe" : ", from pipe to pipe";
            assertThat(e).hasMessage("splice: EIO (Input/output error) after 5 bytes" + ends);
        }
    }

    @Test
    void cancelHandsBackWhatWasOnItsWay() throws IOException {
        provider.with(SPLICE, "abc", moves(5), says(Step.AWAIT_TARGET));
        TransferLoop loop = open();
        assertThat(loop.advance()).isEqualTo(Status.AWAIT_TARGET);
        loop.close();
        loop.close();
        assertThat(loop.transferred()).isEqualTo(5);
        assertThat(US_ASCII.decode(loop.remainder()).toString()).isEqualTo("abc");
        assertThatThrownBy(loop::advance).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(loop::result).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void zeroBytesNameTheMechanismThatWasChosen() throws IOException {
        count = 0;
        provider.with(SPLICE, "", moves(5));
        TransferResult result = drive();
        assertThat(result.mechanism()).isEqualTo(SPLICE);
        assertThat(result.legs()).isEmpty();
        assertThat(provider.journal).isEmpty();
    }
}
