package io.zerocopy.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferTimeoutException;
import io.zerocopy.Transfers;
import io.zerocopy.internal.plan.Providers;
import io.zerocopy.internal.plan.StepTable;
import io.zerocopy.internal.plan.TransferSpec;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class StepPaceTest {
    private static final long QUICK = 1_000;
    private static final EndpointFacts FILE = EndpointFacts.of(EndpointKind.FILE, 0, true);
    private static final long FIRST = StepTable.of(Mechanism.MMAP_WRITE, FILE).first();
    private static final long MOST = StepTable.of(Mechanism.MMAP_WRITE, FILE).most();

    private final StepPace pace = new StepPace();

    private long most() {
        return pace.most(Mechanism.MMAP_WRITE, FILE);
    }

    @Test
    void beginsAgainWithAnotherMechanism() {
        pace.after(most(), QUICK);
        assertThat(pace.most(Mechanism.SENDFILE, FILE))
                .as("it looks what is in memory")
                .isEqualTo(MOST);
        assertThat(most()).isEqualTo(FIRST);
    }

    @Test
    void beginsWithLittleAndTakesMoreWhileThatIsQuick() {
        assertThat(most()).isEqualTo(FIRST);
        pace.after(most(), QUICK);
        assertThat(most()).isEqualTo(2 * FIRST);
        for (int i = 0; i < 40; i++) {
            pace.after(most(), QUICK);
        }
        assertThat(most()).isEqualTo(MOST);
    }

    @Test
    void takesNoMoreWhereAStepFellShort() {
        pace.after(most() - 1, QUICK);
        pace.after(-1, 1_000_000_000_000L); // a code moves nothing, so its time does not count
        assertThat(most()).isEqualTo(FIRST);
    }

    /** 16 MiB at 1 MiB/s: the steps after the first one take as long as they should. */
    @Test
    void guessesHowMuchASlowDiskMovesInTime() {
        pace.after(most(), 1_000_000_000);
        assertThat(most()).isEqualTo(StepTable.LEAST);
        pace.begin();
        pace.after(most(), 200_000_000);
        assertThat(most()).isEqualTo(FIRST / 4);
        pace.after(most(), StepTable.GOAL_NANOS);
        assertThat(most()).isEqualTo(FIRST / 4);
    }

    @Test
    void movesWholeBlocks() {
        for (int i = 1; i < 1000; i++) {
            pace.begin();
            pace.after(most(), i * 7_654_321L);
            assertThat(most() % StepTable.LEAST).isZero();
        }
    }

    private static void drive(ScriptedProvider provider, Transfer.Builder transfer) throws IOException {
        TransferSpec spec =
                (TransferSpec) transfer.to(new ByteArrayOutputStream()).build();
        try (TransferLoop loop = TransferLoop.open(new Providers(List.of(provider)), spec, true)) {
            while (loop.advance() != TransferSession.Status.DONE) {
                continue;
            }
        }
    }

    private static Transfer.Builder from() {
        return Transfers.from(new ByteArrayInputStream(new byte[0]));
    }

    /** A step that could wait for a disk must not take long, however many bytes are wanted. */
    @Test
    void theLoopBeginsWithLittle() throws IOException {
        List<Long> asked = new ArrayList<>();
        ScriptedProvider.Answer all = most -> asked.add(most) ? most : 0;
        ScriptedProvider provider = new ScriptedProvider().with(Mechanism.TRANSFER_FROM, "", all, all);
        drive(provider, from().use(Mechanism.TRANSFER_FROM, Preference.REQUIRE));
        assertThat(asked.get(0)).isEqualTo(FIRST);
        assertThat(asked.get(1)).isBetween(StepTable.LEAST, 2 * FIRST);
    }

    @Test
    void aTransferThatEndsTooLateHasTimedOut() {
        Duration timeout = Duration.ofSeconds(1);
        ScriptedProvider provider = new ScriptedProvider().with(Mechanism.SPLICE, "", asked -> {
            long start = System.nanoTime();
            while (System.nanoTime() - start <= timeout.toNanos()) {
                LockSupport.parkNanos(timeout.toNanos());
            }
            return asked;
        });
        TransferTimeoutException late = catchThrowableOfType(
                TransferTimeoutException.class,
                () -> drive(provider, from().count(5).timeout(timeout)));
        assertThat(late.transferred()).isEqualTo(5);
    }
}
