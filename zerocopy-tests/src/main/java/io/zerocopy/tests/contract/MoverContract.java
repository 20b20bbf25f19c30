package io.zerocopy.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Strategy;
import io.zerocopy.tests.fixture.LeakCheck;
import io.zerocopy.tests.fixture.Place;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * The part of {@link StrategyContract} that creates movers and their ends, and tests that several movers, or several
 * threads, do not disturb each other.
 */
abstract class MoverContract extends RangeContract {
    static final int TOTAL = 300_000;
    static final int BEYOND = 5_000;

    /** Pairs that were refused and are not created again: a refusal depends only on the facts. */
    private static final Set<List<Object>> REFUSED = ConcurrentHashMap.newKeySet();

    private static final int SCHEDULES = 20;
    private static final int SOME = 3;

    MoverContract(Provider provider) {
        super(provider);
    }

    /** A strategy may open a mover while another one is at work; their bytes must not mix. */
    @TestFactory
    Stream<DynamicNode> twoMoversDoNotMixUpTheirBytes() {
        return twos((fixture, one, other, seed) -> {
            long[] last = Steps.byTurns(one.begin(), other.begin(), TOTAL + BEYOND);
            one.account(true);
            other.account(true);
            assertThat(one.moved()).as("bytes moved by one").isEqualTo(last[0] == Step.DECLINED ? 0 : TOTAL);
            assertThat(other.moved()).as("bytes moved by the other").isEqualTo(last[1] == Step.DECLINED ? 0 : TOTAL);
        });
    }

    /** The same with two threads at the same time. */
    @TestFactory
    Stream<DynamicNode> moversOfTwoThreadsDoNotMixUpTheirBytes() {
        return twos((fixture, one, other, seed) -> {
            Future<Long> beside = fixture.peer(() -> one.begin().run(Integer.MAX_VALUE, TOTAL + BEYOND));
            long last = other.begin().run(Integer.MAX_VALUE, TOTAL + BEYOND);
            long lastBeside = TestFixture.join(beside);
            one.account(true);
            other.account(true);
            assertThat(one.moved()).as("bytes moved by one").isEqualTo(lastBeside == Step.DECLINED ? 0 : TOTAL);
            assertThat(other.moved()).as("bytes moved by the other").isEqualTo(last == Step.DECLINED ? 0 : TOTAL);
        });
    }

    /** A residue must not be in memory that later movers reuse. */
    @TestFactory
    Stream<DynamicNode> whatIsHandedBackIsTheCallersToKeep() {
        return twos((fixture, one, other, seed) -> {
            one.begin().runUntilTheTargetIsFull(TOTAL);
            ByteBuffer back = one.end();
            other.begin().run(Integer.MAX_VALUE, TOTAL);
            other.account(true);
            one.account(back, true);
        });
    }

    /** A mover is used by one thread at a time, but not always by the same one. */
    @TestFactory
    Stream<DynamicNode> aMoverGoesFromThreadToThread() {
        return movers(SOME, TOTAL, (fixture, steps, seed) -> {
            long n = Step.AWAIT_SOURCE;
            while (!Steps.over(n)) {
                n = TestFixture.join(fixture.peer(() -> steps.run(2, TOTAL)));
            }
            if (n != Step.DECLINED) {
                assertThat(steps.moved()).as("bytes moved").isEqualTo(TOTAL);
            }
            steps.account(true);
            return n;
        });
    }

    /** A test of one pair. */
    interface Check {
        /** Runs the test and returns the outcome of the last step. */
        long on(TestFixture fixture, Steps steps, long seed) throws Exception;
    }

    final Stream<DynamicNode> movers(int held, Check check) {
        return movers(SCHEDULES, held, check);
    }

    /** Tests each strategy on each pair that it accepts, with a few schedules. */
    final Stream<DynamicNode> movers(int schedules, int held, Check check) {
        return movers(schedules, held, TOTAL, check);
    }

    /** The same, with a given count. */
    final Stream<DynamicNode> movers(int schedules, int held, long count, Check check) {
        return pairs(count, (strategy, source, target) -> () -> {
            LeakCheck leaks = null; // recorded after the first run, which has created what the provider keeps
            for (long seed = 0; seed < schedules; seed++) {
                try (TestFixture fixture = fixture();
                        Steps steps = steps(fixture, strategy, source, target, held, count, seed)) {
                    if (refused(steps, strategy, source, target, count)
                            || !step(fixture, steps, strategy, target, seed, check)) {
                        return;
                    }
                }
                leaks = leaks == null ? new LeakCheck() : leaks;
            }
            leaks.hasHardlyGrown(patience());
        });
    }

    private interface TwoMovers {
        void on(TestFixture fixture, Steps one, Steps other, long seed) throws Exception;
    }

    private Stream<DynamicNode> twos(TwoMovers test) {
        return pairs(TOTAL, (strategy, source, target) -> () -> {
            for (long seed = 0; seed < SOME; seed++) {
                try (TestFixture fixture = fixture();
                        Steps one = steps(fixture, strategy, source, target, TOTAL + BEYOND, TOTAL, 5 * seed + 1);
                        Steps other = steps(fixture, strategy, source, target, TOTAL + BEYOND, TOTAL, 5 * seed + 2)) {
                    if (refused(one, strategy, source, target, TOTAL)) {
                        return;
                    }
                    test.on(fixture, one, other, seed);
                }
            }
        });
    }

    private interface PairTest {
        Executable on(Strategy strategy, SourceDriver.Of source, TargetDriver.Of target);
    }

    private record Pair(Strategy strategy, SourceDriver.Of source, TargetDriver.Of target) {
        @Override
        public String toString() {
            return strategy.name() + ": " + source + " to " + target;
        }
    }

    private Stream<DynamicNode> pairs(long count, PairTest test) {
        Stream<Pair> all = available()
                .flatMap(strategy -> Stream.of(SourceDriver.Of.values())
                        .flatMap(source ->
                                Stream.of(TargetDriver.Of.values()).map(target -> new Pair(strategy, source, target))));
        return sampled(all)
                .filter(pair -> !REFUSED.contains(key(pair.strategy(), pair.source(), pair.target(), count)))
                .map(pair -> limited(pair.toString(), test.on(pair.strategy(), pair.source(), pair.target())));
    }

    private List<Object> key(Strategy strategy, SourceDriver.Of source, TargetDriver.Of target, long count) {
        return List.of(getClass(), strategy.name(), source, target, count);
    }

    private boolean refused(
            Steps steps, Strategy strategy, SourceDriver.Of source, TargetDriver.Of target, long count) {
        String refusal = steps.refusal();
        if (refusal != null) {
            assertThat(refusal).isNotBlank().isEqualTo(steps.refusal());
            REFUSED.add(key(strategy, source, target, count));
        }
        return refusal != null;
    }

    /** Returns false if the mechanism refuses or declines the pair. */
    private boolean step(
            TestFixture fixture, Steps steps, Strategy strategy, TargetDriver.Of target, long seed, Check check) {
        try {
            long n = check.on(fixture, steps.begin(), seed);
            boolean gap = target == TargetDriver.Of.FILE && Place.of(seed).gap();
            assertThat(n == Step.DECLINED && !mayDecline(strategy.mechanism(), gap))
                    .as("declined: %s", steps.declinedBecause())
                    .isFalse();
            return n != Step.DECLINED || gap;
        } catch (AssertionError e) {
            throw new AssertionError("on schedule " + seed + ": " + e.getMessage(), e);
        } catch (Exception e) {
            throw new AssertionError("on schedule " + seed + ": " + e, e);
        }
    }

    final Steps steps(
            TestFixture fixture,
            Strategy strategy,
            SourceDriver.Of source,
            TargetDriver.Of target,
            int held,
            long count,
            long seed)
            throws IOException {
        Place place = Place.of(seed);
        SourceDriver feed = SourceDriver.open(fixture, source, held, place.source());
        TargetDriver drain = TargetDriver.open(fixture, target, feed.start(), place);
        return new Steps(fixture, provider(), strategy, feed, drain, count, seed);
    }
}
