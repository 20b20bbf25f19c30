package io.zerocopy.linux.internal.sends;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of sends, as the kernel reports them. */
class CompletionsTest {
    private final List<Integer> released = new ArrayList<>();

    private void send(Completions completions, int from, int to) {
        for (int i = from; i <= to; i++) {
            int number = i;
            completions.sent(() -> released.add(number));
        }
    }

    @Test
    void rangesCoverBothTheirEnds() {
        Completions completions = new Completions(0);
        send(completions, 0, 9);
        completions.completed(0, 3);
        assertThat(released).containsExactly(0, 1, 2, 3);
        completions.completed(4, 4);
        completions.completed(5, 9);
        assertThat(released).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(completions.outstanding()).isZero();
    }

    @Test
    void laterOnesMayBeCompleteFirst() {
        Completions completions = new Completions(0);
        send(completions, 0, 5);
        completions.completed(3, 4);
        assertThat(completions.outstanding()).isEqualTo(4);
        completions.completed(0, 2);
        completions.completed(5, 5);
        assertThat(released).containsExactly(3, 4, 0, 1, 2, 5);
    }

    @ParameterizedTest
    @ValueSource(ints = {-3, Integer.MAX_VALUE - 2, 0, 17, Integer.MIN_VALUE})
    void numbersWrapAround(int first) {
        Completions completions = new Completions(first);
        for (int round = 0; round < 1000; round += 50) {
            send(completions, round, round + 49);
            completions.completed(first + round, first + round + 30);
            completions.completed(first + round + 31, first + round + 49);
        }
        assertThat(completions.outstanding()).isZero();
        assertThat(released).hasSize(1000).isSorted();
    }

    @Test
    void aSendThatIsReportedTwiceIsReleasedOnce() {
        Completions completions = new Completions(0);
        send(completions, 0, 3);
        completions.completed(0, 2);
        completions.completed(0, 2);
        completions.completed(1, 3);
        assertThat(released).containsExactly(0, 1, 2, 3);
        completions.completed(0, 3);
        assertThat(released).hasSize(4);
    }

    /** Other code has sent from memory on the same descriptor before. */
    @Test
    void firstNumbersAboveZeroAreHandled() {
        Completions completions = new Completions(0);
        send(completions, 0, 2);
        completions.completed(100, 102);
        assertThat(released).containsExactly(0, 1, 2);
        send(completions, 3, 4);
        completions.completed(103, 103);
        assertThat(released).containsExactly(0, 1, 2, 3);
        assertThat(completions.outstanding()).isEqualTo(1);
    }

    @Test
    void thousandsInAnyOrder() {
        Random random = new Random(3);
        Completions completions = new Completions(-500);
        int next = 0;
        List<int[]> told = new ArrayList<>();
        while (next < 20_000) {
            int count = 1 + random.nextInt(40);
            send(completions, next, next + count - 1);
            told.add(new int[] {next - 500, next + count - 501});
            next += count;
            while (told.size() > 30) {
                int[] range = told.remove(random.nextInt(told.size()));
                completions.completed(range[0], range[1]);
            }
        }
        assertThat(completions.outstanding()).isPositive();
        completions.abandon();
        assertThat(completions.outstanding()).isZero();
        assertThat(released).hasSize(next).doesNotHaveDuplicates();
    }
}
