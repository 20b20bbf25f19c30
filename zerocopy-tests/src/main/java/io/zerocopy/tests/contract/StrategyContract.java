package io.zerocopy.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Step;
import io.zerocopy.tests.fixture.Place;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Tests the promises that every strategy of every provider makes. If you write a provider, extend this class with a
 * constructor that names it; nothing else is needed:
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
 * the target, so that it knows the allowed outcomes of each step. No byte may be lost, doubled or taken without need.
 * This must hold for any short counts, if either end is not ready, if the mover is cancelled after any step, and if the
 * target breaks. <em>Whole transfers</em> go through the public API. The tests require each mechanism by name, over
 * every kind of source and target and at the sizes where copies usually go wrong. They end transfers by an interrupt or
 * a close during a wait. For these tests the provider must be a service on the class path or module path, and must have
 * the lowest rank of all providers that offer a mechanism; otherwise the tests fail. The ends come from the provider
 * with the lowest rank that creates them. So a provider without its own ends is tested over those of the next one: for
 * movers over those of {@link io.zerocopy.nio.NioProvider}, for whole transfers over those of Linux if that part is
 * installed. The tests {@code whatWaits...} do not support ends whose reads and writes block, such as those of {@code
 * NioProvider} on blocking sockets: the strategy must refuse such a pair, or the native part must be installed.
 *
 * <p>Every test creates its own ends, and fails if it leaves something behind: an open descriptor, changed flags of a
 * descriptor, a file that the test did not create, or a file that is still mapped. A provider may keep a few threads
 * and pipes for later, but not one for every mover. Memory, and files in other directories, are not checked.
 *
 * <p>The tests need {@code mkfifo}, {@code stat}, {@code /proc} and a file system with holes. A provider whose ports do
 * not report holes writes 4 GiB there. If a provider, or one of its mechanisms, cannot work on this machine, its tests
 * are skipped with the reason; with {@code -Dzerocopy.tests.strict=true} they fail.
 */
public abstract class StrategyContract extends MoverContract {
    /**
     * Creates the tests for a provider.
     *
     * @param provider the provider
     */
    protected StrategyContract(Provider provider) {
        super(provider);
    }

    /** Needed because a strategy that refuses everything passes every other test. One that {@link #mayDecline} may refuse here. */
    @TestFactory
    Stream<DynamicNode> everyStrategyTakesSomePair() {
        return available()
                .map(strategy -> limited(strategy.name(), () -> {
                    int taken = 0;
                    for (SourceDriver.Of source : SourceDriver.Of.values()) {
                        for (TargetDriver.Of target : TargetDriver.Of.values()) {
                            try (TestFixture fixture = fixture()) {
                                Steps steps = steps(fixture, strategy, source, target, TOTAL, TOTAL, 0);
                                taken += steps.refusal() == null ? 1 : 0;
                            }
                        }
                    }
                    assertThat(taken > 0 || mayDecline(strategy.mechanism(), false))
                            .as("it takes some pair")
                            .isTrue();
                }));
    }

    /** Moves exactly the count, although the source has more bytes. */
    @TestFactory
    Stream<DynamicNode> movesWhatWasAskedForAndTakesNoMore() {
        return movers(TOTAL + BEYOND, (fixture, steps, seed) -> {
            long n = steps.run(Integer.MAX_VALUE, TOTAL + BEYOND);
            if (n == Step.DECLINED) {
                assertThat(steps.moved()).as("bytes moved").isZero();
            } else {
                assertThat(steps.moved()).as("bytes moved").isEqualTo(TOTAL);
            }
            steps.account(true);
            return n;
        });
    }

    /** A source that ends before the count is reached. */
    @TestFactory
    Stream<DynamicNode> movesToTheEndOfTheSource() {
        return movers(TOTAL - 10_000, this::toTheEnd);
    }

    /** Moves all bytes, in steps whose count needs more than 32 bits. */
    @TestFactory
    Stream<DynamicNode> movesAllThereIsHoweverMuchIsAskedFor() {
        return movers(5, TOTAL - 10_000, Steps.ALL, this::toTheEnd);
    }

    private long toTheEnd(TestFixture fixture, Steps steps, long seed) throws IOException {
        long n = steps.run(Integer.MAX_VALUE, TOTAL - 10_000);
        if (n != Step.DECLINED) {
            assertThat(n).as("what the last step came to").isEqualTo(Step.END);
            assertThat(steps.moved()).as("bytes moved").isEqualTo(TOTAL - 10_000);
        }
        steps.account(true);
        return n;
    }

    @TestFactory
    Stream<DynamicNode> whereverItIsCancelledNothingIsLost() {
        return movers(TOTAL + BEYOND, (fixture, steps, seed) -> {
            long n = steps.run((int) (seed % 23), TOTAL);
            steps.account(true);
            return n;
        });
    }

    /** The target's other end breaks between two steps; how many bytes it had received cannot be known. */
    @TestFactory
    Stream<DynamicNode> whenTheTargetBreaksNothingIsLost() {
        return movers(TOTAL + BEYOND, (fixture, steps, seed) -> {
            long n = steps.run((int) (seed % 7), TOTAL);
            if (n != Step.DECLINED && steps.drain().of().breaks()) {
                steps.drain().breakOff();
                failsOrDeclines(steps);
                steps.account(false);
            }
            return n;
        });
    }

    /**
     * A mechanism that has moved nothing may decline instead of failing: the next one then fails for the same reason.
     */
    private static void failsOrDeclines(Steps steps) {
        if (steps.moved() > 0) {
            assertThatThrownBy(() -> steps.run(Integer.MAX_VALUE, TOTAL)).isInstanceOf(IOException.class);
            return;
        }
        try {
            assertThat(steps.run(Integer.MAX_VALUE, TOTAL)).isEqualTo(Step.DECLINED);
        } catch (IOException broken) {
            // has failed
        }
    }

    /** The owner of a channel may close it between two steps; the other channel stays open. */
    @TestFactory
    Stream<DynamicNode> anEndThatWasClosedIsSaidToBe() {
        return movers(TOTAL + BEYOND, (fixture, steps, seed) -> {
            long n = steps.run((int) (seed % 5), TOTAL);
            boolean ofSource = seed / Place.values().length % 2 == 0;
            if (n != Step.DECLINED && steps.moved() < TOTAL && steps.closeEnd(ofSource)) {
                assertThatThrownBy(() -> steps.run(Integer.MAX_VALUE, TOTAL))
                        .isInstanceOf(ClosedChannelException.class);
                steps.accountForOneEnd(ofSource);
            }
            return n;
        });
    }

    /** A step does not change the interrupt status of its thread, for any outcome of the step. */
    @TestFactory
    Stream<DynamicNode> anInterruptIsLeftToTheCaller() {
        return movers(5, TOTAL + BEYOND, (fixture, steps, seed) -> {
            long n = steps.run((int) seed, TOTAL);
            if (n != Step.DECLINED && steps.moved() < TOTAL && steps.stepsInterrupted()) {
                steps.account(true);
            }
            return n;
        });
    }
}
