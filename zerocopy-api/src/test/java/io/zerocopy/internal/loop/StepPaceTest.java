package io.zerocopy.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import org.junit.jupiter.api.Test;

class StepPaceTest {
    private static final long QUICK = 1_000;

    private final StepPace pace = new StepPace();

    private long most() {
        return pace.most(Mechanism.MMAP_WRITE);
    }

    @Test
    void beginsAgainWithAnotherMechanism() {
        pace.after(most(), QUICK);
        assertThat(pace.most(Mechanism.SENDFILE))
                .as("it looks what is in memory")
                .isEqualTo(StepPace.MOST);
        assertThat(most()).isEqualTo(StepPace.FIRST);
    }

    @Test
    void beginsWithLittleAndTakesMoreWhileThatIsQuick() {
        assertThat(most()).isEqualTo(StepPace.FIRST);
        pace.after(most(), QUICK);
        assertThat(most()).isEqualTo(2 * StepPace.FIRST);
        for (int i = 0; i < 40; i++) {
            pace.after(most(), QUICK);
        }
        assertThat(most()).isEqualTo(StepPace.MOST);
    }

    @Test
    void takesNoMoreWhereAStepFellShort() {
        pace.after(most() - 1, QUICK);
        pace.after(-1, 1_000_000_000_000L); // a code moves nothing, whatever it took
        assertThat(most()).isEqualTo(StepPace.FIRST);
    }

    /** 16 MiB at 1 MiB/s: the steps behind the first one take as long as they should. */
    @Test
    void guessesHowMuchASlowDiskMovesInTime() {
        pace.after(most(), 1_000_000_000);
        assertThat(most()).isEqualTo(StepPace.LEAST);
        pace.begin();
        pace.after(most(), 200_000_000);
        assertThat(most()).isEqualTo(StepPace.FIRST / 4);
        pace.after(most(), StepPace.GOAL_NANOS);
        assertThat(most()).isEqualTo(StepPace.FIRST / 4);
    }

    @Test
    void movesWholeBlocks() {
        for (int i = 1; i < 1000; i++) {
            pace.begin();
            pace.after(most(), i * 7_654_321L);
            assertThat(most() % StepPace.LEAST).isZero();
        }
    }
}
