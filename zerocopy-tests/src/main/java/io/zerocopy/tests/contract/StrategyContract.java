package io.zerocopy.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Strategy;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * What every strategy of every provider promises, as tests. Whoever writes a provider extends this with a constructor
 * that names it, and nothing else:
 *
 * <pre>{@code
 * class MyContractTest extends StrategyContract {
 *     MyContractTest() {
 *         super(new MyProvider());
 *     }
 * }
 * }</pre>
 *
 * <p>There are two levels. <em>Movers</em> are stepped by the test's own thread, which also feeds the source and drains
 * the target, so that it knows at each step what the answer may be: no byte lost, doubled or taken without need,
 * however short the counts, whichever end is not ready, wherever it is cancelled and when the target breaks. <em>Whole
 * transfers</em> go through the public API, which requires each mechanism by name over every kind of source and target
 * at the sizes where copies go wrong, and ends them by an interrupt or a close while they wait. For these the provider has
 * to be a service of the class path or module path, and of all that offer a mechanism the one of the lowest rank; the
 * tests fail where it is not. Ends are those of the provider with the lowest rank that makes them, so that a provider
 * without ends of its own is tested over those of the next one: for movers those of {@link io.zerocopy.nio.NioProvider}, for
 * whole transfers those of Linux where that part is installed. Ends whose reads and writes wait by themselves, as those of
 * {@code NioProvider} do on blocking sockets, are not what {@code whatWaits...} is about: such a pair has to be refused, or
 * the native part installed.
 *
 * <p>Every test makes its own ends and fails if a descriptor is left behind, or other than it was. It needs
 * {@code mkfifo}, {@code /proc} and a file system with holes. With {@code -Dzerocopy.tests.strict=true} a provider that cannot work here, or one of its
 * mechanisms, fails; else it is skipped, with its reason. What is not looked at: memory, mappings, threads and temporary
 * files that a mover leaves behind, and strategies that mix up movers of several threads at once.
 */
public abstract class StrategyContract extends WholeContract {
    private static final int TOTAL = 300_000;
    private static final int BEYOND = 5_000;

    /**
     * Names what is under test.
     *
     * @param provider the provider
     */
    protected StrategyContract(Provider provider) {
        super(provider);
    }

    /** Every mechanism once, each with a cause or at work. */
    @Test
    void namesItsMechanisms() {
        assertThat(provider().name()).matches("[a-z][a-z0-9-]*");
        assertThat(provider().strategies()).isNotEmpty();
        assertThat(provider().strategies()).extracting(Strategy::mechanism).doesNotHaveDuplicates();
        for (Strategy strategy : provider().strategies()) {
            String cause = strategy.unavailableBecause();
            assertThat(cause == null || !cause.isBlank()).isTrue();
            assertThat(STRICT && cause != null)
                    .as("here all have to work: %s", cause)
                    .isFalse();
        }
    }

    /** A strategy that refuses everything passes every other test. */
    @TestFactory
    Stream<DynamicNode> everyStrategyTakesSomePair() {
        return available()
                .map(strategy -> limited(strategy.mechanism().name(), () -> {
                    int taken = 0;
                    for (Feed.Of source : Feed.Of.values()) {
                        for (Drain.Of target : Drain.Of.values()) {
                            try (Rig rig = new Rig(directory())) {
                                taken += steps(rig, strategy, source, target, TOTAL, 0)
                                                        .refusal()
                                                == null
                                        ? 1
                                        : 0;
                            }
                        }
                    }
                    assertThat(taken).isPositive();
                }));
    }

    /** All that was asked for and not one byte more, though the source has it. */
    @TestFactory
    Stream<DynamicNode> movesWhatWasAskedForAndTakesNoMore() {
        return movers((steps, seed) -> {
            long n = steps.run(Integer.MAX_VALUE, TOTAL + BEYOND);
            if (n == Step.DECLINED) {
                assertThat(steps.moved()).isZero();
            } else {
                assertThat(steps.moved()).isEqualTo(TOTAL);
            }
            steps.account(true);
            return n;
        });
    }

    /** A source that ends before the count is reached. */
    @TestFactory
    Stream<DynamicNode> movesToTheEndOfTheSource() {
        return movers(TOTAL - 10_000, (steps, seed) -> {
            long n = steps.run(Integer.MAX_VALUE, TOTAL - 10_000);
            if (n != Step.DECLINED) {
                assertThat(n).isEqualTo(Step.END);
                assertThat(steps.moved()).isEqualTo(TOTAL - 10_000);
            }
            steps.account(true);
            return n;
        });
    }

    @TestFactory
    Stream<DynamicNode> whereverItIsCancelledNothingIsLost() {
        return movers((steps, seed) -> {
            long n = steps.run((int) (seed % 23), TOTAL);
            steps.account(true);
            return n;
        });
    }

    /** The target's other end goes away between two steps; what the target had is beyond anybody's knowledge. */
    @TestFactory
    Stream<DynamicNode> whenTheTargetBreaksNothingIsLost() {
        return movers((steps, seed) -> {
            long n = steps.run((int) (seed % 7), TOTAL);
            if (n != Step.DECLINED && steps.drain().of().breaks()) {
                steps.drain().breakOff();
                assertThatThrownBy(() -> steps.run(Integer.MAX_VALUE, TOTAL)).isInstanceOf(IOException.class);
                steps.account(false);
            }
            return n;
        });
    }

    /** Whoever owns a channel may close it between two steps. */
    @TestFactory
    Stream<DynamicNode> anEndThatWasClosedIsSaidToBe() {
        return movers((steps, seed) -> {
            long n = steps.run((int) (seed % 5), TOTAL);
            if (n != Step.DECLINED && steps.moved() < TOTAL && steps.closeEnd(seed / Place.values().length % 2 == 0)) {
                assertThatThrownBy(() -> steps.run(Integer.MAX_VALUE, TOTAL))
                        .isInstanceOf(ClosedChannelException.class);
            }
            return n;
        });
    }

    /** A strategy may be asked for a mover while another one is at work; each has its bytes to itself. */
    @TestFactory
    Stream<DynamicNode> twoMoversDoNotMixUpTheirBytes() {
        return pairs((strategy, source, target) -> () -> {
            for (long seed = 0; seed < 3L * Place.values().length; seed += Place.values().length) {
                try (Rig rig = new Rig(directory());
                        Steps one = steps(rig, strategy, source, target, TOTAL + BEYOND, seed);
                        Steps other = steps(rig, strategy, source, target, TOTAL + BEYOND, seed + 1)) {
                    if (one.refusal() != null || other.refusal() != null) {
                        return;
                    }
                    long[] last = Steps.byTurns(one.begin(), other.begin(), TOTAL + BEYOND);
                    one.account(true);
                    other.account(true);
                    assertThat(one.moved()).isEqualTo(last[0] == Step.DECLINED ? 0 : TOTAL);
                    assertThat(other.moved()).isEqualTo(last[1] == Step.DECLINED ? 0 : TOTAL);
                }
            }
        });
    }

    /** What a mover test does with one pair. */
    private interface Check {
        /** Returns what the last step came to. */
        long on(Steps steps, long seed) throws Exception;
    }

    private Stream<DynamicNode> movers(Check check) {
        return movers(TOTAL + BEYOND, check);
    }

    /** Each strategy on each pair that it takes, on a few schedules. */
    private Stream<DynamicNode> movers(int held, Check check) {
        return pairs((strategy, source, target) -> () -> {
            for (long seed = 0; seed < 20; seed++) {
                if (!step(strategy, source, target, held, seed, check)) {
                    return;
                }
            }
        });
    }

    private interface PairTest {
        Executable on(Strategy strategy, Feed.Of source, Drain.Of target);
    }

    private Stream<DynamicNode> pairs(PairTest test) {
        return available()
                .flatMap(strategy -> Stream.of(Feed.Of.values())
                        .flatMap(source -> Stream.of(Drain.Of.values())
                                .map(target -> limited(
                                        strategy.mechanism() + ": " + source + " to " + target,
                                        test.on(strategy, source, target)))));
    }

    private boolean step(Strategy strategy, Feed.Of source, Drain.Of target, int held, long seed, Check check)
            throws Exception {
        try (Rig rig = new Rig(directory());
                Steps steps = steps(rig, strategy, source, target, held, seed)) {
            String refusal = steps.refusal();
            if (refusal != null) {
                assertThat(refusal).isNotBlank().isEqualTo(steps.refusal());
                return false;
            }
            long n = check.on(steps.begin(), seed);
            boolean gap = target == Drain.Of.FILE && place(seed).gap;
            assertThat(n == Step.DECLINED && !mayDecline(strategy.mechanism(), gap))
                    .as("declined: %s", steps.declinedBecause())
                    .isFalse();
            return n != Step.DECLINED || gap;
        } catch (AssertionError | Exception e) {
            throw new AssertionError("on schedule " + seed + ": " + e.getMessage(), e);
        }
    }

    private Steps steps(Rig rig, Strategy strategy, Feed.Of source, Drain.Of target, int held, long seed)
            throws IOException {
        Place place = place(seed);
        Feed feed = Feed.open(rig, source, held, place.source);
        Drain drain = Drain.open(rig, target, feed.start(), place.target, place.gap);
        return new Steps(provider(), strategy, feed, drain, TOTAL, seed);
    }

    private static Place place(long seed) {
        return Place.values()[(int) (seed % Place.values().length)];
    }

    /** Where movers begin in files. */
    private enum Place {
        /** At the first byte of each. */
        START(0, 0, false),
        /** Where no block and no page begins. */
        BETWEEN(1001, 501, false),
        /** Around the first position that takes more than 32 bits. */
        FAR((1L << 32) - 8192, (1L << 32) - 4096, false),
        /** Behind the end of the target, which reads as zeros between. */
        BEHIND(4096, 10_777, true);

        private final long source;
        private final long target;
        private final boolean gap;

        Place(long source, long target, boolean gap) {
            this.source = source;
            this.target = target;
            this.gap = gap;
        }
    }
}
