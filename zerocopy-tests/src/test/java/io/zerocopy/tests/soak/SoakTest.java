package io.zerocopy.tests.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.tests.fixture.Sample;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import io.zerocopy.tests.kit.Mount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A random mix in its own process, for a limited time: pairs, sizes, file systems, mechanisms that are preferred, ruled
 * out or required, headers, ranges, holes, parts and relays, with cancellations, interrupts, timeouts, resets and
 * closes from other threads. It runs for {@code -Dzerocopy.soak.seconds}: a few by default, a minute in the thorough
 * run, or as long as you like. The same {@code -Dzerocopy.tests.seed} runs the same mix again.
 */
class SoakTest {
    private static final long SECONDS = Long.getLong("zerocopy.soak.seconds", 3);
    private static final long SEED = Sample.seed();

    /** In so many transfers every mechanism is used, the rarest about twenty times. */
    private static final int ENOUGH_FOR_ALL = 2_000;

    /** These depend on the file systems and on what a container allows; all others must have been used. */
    private static final Set<Mechanism> MAY_BE_MISSING =
            EnumSet.of(Mechanism.REFLINK, Mechanism.DIRECT_IO, Mechanism.IO_URING);

    @Test
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    void nothingIsLostMixedUpOrLeftOpen() throws Exception {
        List<String> arguments = new ArrayList<>(List.of(Long.toString(SECONDS), Long.toString(SEED)));
        Path memory = Path.of("/dev/shm");
        if (Files.isWritable(memory)) {
            arguments.add(memory.toString());
        }
        try (TestFixture fixture = new TestFixture();
                Mount xfs = Mount.ifPossible(fixture, 400L << 20, "mkfs.xfs", "-q", "-m", "reflink=1")) {
            if (xfs != null) {
                arguments.add(xfs.path().toString());
            }
            Child.Ended soak = new Child()
                    .within(Duration.ofSeconds(SECONDS + 900))
                    .run(SoakSubject.class, arguments.toArray(String[]::new));
            System.out.println(
                    "soaked for " + SECONDS + " s with -Dzerocopy.tests.seed=" + SEED + "\n" + soak.output());
            assertThat(soak.output()).endsWith("clean\n").doesNotContain("not clean");
            assertThat(soak.code()).isZero();
            int played = Integer.parseInt(soak.output().replaceAll("(?s).*\nplayed (\\d+).*", "$1"));
            if (played < ENOUGH_FOR_ALL) {
                return; // too few: a few seconds of a busy machine
            }
            String idle = soak.output().replaceAll("(?s).*never done \\[(.*?)].*", "$1");
            assertThat(idle.isEmpty() ? List.<String>of() : List.of(idle.split(", ")))
                    .isSubsetOf(MAY_BE_MISSING.stream().map(Mechanism::name).toList());
        }
    }
}
