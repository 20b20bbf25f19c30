package io.zerocopy.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.tests.kit.Child;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A bounded random mix in a process of its own: pairs, sizes, mechanisms, cancellations, interrupts, timeouts, resets and
 * closes from other threads. A minute of it; {@code -Dzerocopy.soak.seconds=1800} for as long as anybody likes, {@code
 * -Dzerocopy.soak.seed} for the same mix again.
 */
class SoakTest {
    private static final long SECONDS = Long.getLong("zerocopy.soak.seconds", 60);
    private static final long SEED = Long.getLong("zerocopy.soak.seed", 20_261_123);

    @Test
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    void nothingIsLostMixedUpOrLeftOpen() throws Exception {
        Child.Ended soak = new Child().run(SoakSubject.class, Long.toString(SECONDS), Long.toString(SEED));
        assertThat(soak.output()).endsWith("clean\n").doesNotContain("not clean");
        assertThat(soak.code()).isZero();
        System.out.println(soak.output());
    }
}
