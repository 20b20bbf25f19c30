package io.zerocopy.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.tests.contract.Rig;
import io.zerocopy.tests.kit.Child;
import io.zerocopy.tests.transfer.Mount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A bounded random mix in a process of its own: pairs, sizes, file systems, mechanisms that are wished for, ruled out or
 * required, headers, ranges, holes, parts and relays, with cancellations, interrupts, timeouts, resets and closes from other
 * threads. A minute of it; {@code -Dzerocopy.soak.seconds=1800} for as long as anybody likes, {@code
 * -Dzerocopy.soak.seed} for the same mix again.
 */
class SoakTest {
    private static final long SECONDS = Long.getLong("zerocopy.soak.seconds", 60);
    private static final long SEED = Long.getLong("zerocopy.soak.seed", 20_261_123);

    /** These depend on the file systems and on what a container allows; all others have to have come into play. */
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
        try (Rig rig = new Rig();
                Mount xfs = Mount.ifPossible(rig, 400L << 20, "mkfs.xfs", "-q", "-m", "reflink=1")) {
            if (xfs != null) {
                arguments.add(xfs.path().toString());
            }
            Child.Ended soak = new Child().run(SoakSubject.class, arguments.toArray(String[]::new));
            System.out.println(soak.output());
            assertThat(soak.output()).endsWith("clean\n").doesNotContain("not clean");
            assertThat(soak.code()).isZero();
            String idle = soak.output().replaceAll("(?s).*never done \\[(.*?)].*", "$1");
            assertThat(idle.isEmpty() ? List.<String>of() : List.of(idle.split(", ")))
                    .isSubsetOf(MAY_BE_MISSING.stream().map(Mechanism::name).toList());
        }
    }
}
