package io.zerocopy.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.tests.fixture.Sample;
import io.zerocopy.tests.fixture.TestFixture;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Random transfers between ends that do what is allowed but rare, each compared with the result of a plain copy: urgent
 * bytes, owners who change the mode meanwhile, foreign channels with wrong answers, two channels over one file and two
 * over one descriptor. It runs for a second or two, for a minute in the thorough run, or for {@code
 * -Dzerocopy.fuzz.seconds}. The same {@code -Dzerocopy.tests.seed} runs the same stories again.
 */
class DifferentialTest {
    private static final long SECONDS =
            Long.getLong("zerocopy.fuzz.seconds", Boolean.getBoolean("zerocopy.tests.thorough") ? 60 : 2);
    private static final long SEED = Sample.seed();

    /** The least number of stories, on the slowest machine, too. */
    private static final int FEWEST = 20;

    /** A story: opens its ends, copies, and compares. */
    private interface Story {
        void play(TestFixture fixture, Random random) throws Exception;
    }

    private static final List<Story> STORIES = List.of(
            OddSockets::urgentByte,
            OddSockets::switchedModes,
            OddChannels::lyingTarget,
            OddChannels::lyingSource,
            OddChannels::twoOverOneFile,
            OddSockets::twoOverOneDescriptor);

    @Test
    void hasTheSameResultAsAPlainCopy() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        int played = 0;
        while (played < FEWEST || System.nanoTime() - end < 0) {
            Random random = new Random((SEED * 1_000_003 + played) * 0x9E3779B97F4A7C15L);
            try (TestFixture fixture = new TestFixture()) {
                STORIES.get(played % STORIES.size()).play(fixture, random);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("story " + played + " of -Dzerocopy.tests.seed=" + SEED + ": " + e, e);
            }
            played++;
        }
        System.out.println("played " + played + " stories of DifferentialTest with -Dzerocopy.tests.seed=" + SEED);
        assertThat(played).isGreaterThanOrEqualTo(FEWEST);
    }

    /** Usually leaves the choice of the mechanism to the library; sometimes prefers one, if it is available. */
    static io.zerocopy.Transfer.Builder by(Random random, io.zerocopy.Transfer.Builder builder) {
        Mechanism[] all = Mechanism.values();
        return random.nextInt(3) == 0 ? builder : builder.use(all[random.nextInt(all.length)], Preference.AUTO);
    }

    static byte[] bytes(Random random, int most) {
        byte[] bytes = new byte[1 + random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }
}
