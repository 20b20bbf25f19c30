package io.zerocopy.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

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
 * <p>Every test makes its own ends, and fails if something is left behind that was not there: a descriptor, flags of one
 * that are other than they were, a file beside those of the test, one of these still mapped. A provider may keep a few
 * threads and pipes for later, but not one for every mover. What is not looked at: memory, and files elsewhere.
 *
 * <p>It needs {@code mkfifo}, {@code stat}, {@code /proc} and a file system with holes: a provider whose ports do not tell of
 * holes writes 4 GiB there. With {@code -Dzerocopy.tests.strict=true} a provider that cannot work here, or one of its
 * mechanisms, fails; else it is skipped, with its reason.
 */
public abstract class StrategyContract extends MoverContract {
    /**
     * Names what is under test.
     *
     * @param provider the provider
     */
    protected StrategyContract(Provider provider) {
        super(provider);
    }

    /** A strategy that refuses everything passes every other test; one that {@link #mayDecline} may have to do so here. */
    @TestFactory
    Stream<DynamicNode> everyStrategyTakesSomePair() {
        return available()
                .map(strategy -> limited(strategy.mechanism().name(), () -> {
                    int taken = 0;
                    for (Feed.Of source : Feed.Of.values()) {
                        for (Drain.Of target : Drain.Of.values()) {
                            try (Rig rig = rig()) {
                                Steps steps = steps(rig, strategy, source, target, TOTAL, TOTAL, 0);
                                taken += steps.refusal() == null ? 1 : 0;
                            }
                        }
                    }
                    assertThat(taken > 0 || mayDecline(strategy.mechanism(), false))
                            .as("it takes some pair")
                            .isTrue();
                }));
    }

    /** All that was asked for and not one byte more, though the source has it. */
    @TestFactory
    Stream<DynamicNode> movesWhatWasAskedForAndTakesNoMore() {
        return movers(TOTAL + BEYOND, (rig, steps, seed) -> {
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

    /** All that there is, in steps that are asked for more than 32 bits can tell. */
    @TestFactory
    Stream<DynamicNode> movesAllThereIsHoweverMuchIsAskedFor() {
        return movers(5, TOTAL - 10_000, Steps.ALL, this::toTheEnd);
    }

    private long toTheEnd(Rig rig, Steps steps, long seed) throws IOException {
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
        return movers(TOTAL + BEYOND, (rig, steps, seed) -> {
            long n = steps.run((int) (seed % 23), TOTAL);
            steps.account(true);
            return n;
        });
    }

    /** The target's other end goes away between two steps; what the target had is beyond anybody's knowledge. */
    @TestFactory
    Stream<DynamicNode> whenTheTargetBreaksNothingIsLost() {
        return movers(TOTAL + BEYOND, (rig, steps, seed) -> {
            long n = steps.run((int) (seed % 7), TOTAL);
            if (n != Step.DECLINED && steps.drain().of().breaks()) {
                steps.drain().breakOff();
                assertThatThrownBy(() -> steps.run(Integer.MAX_VALUE, TOTAL)).isInstanceOf(IOException.class);
                steps.account(false);
            }
            return n;
        });
    }

    /** Whoever owns a channel may close it between two steps; the other one stays open. */
    @TestFactory
    Stream<DynamicNode> anEndThatWasClosedIsSaidToBe() {
        return movers(TOTAL + BEYOND, (rig, steps, seed) -> {
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

    /** An interrupt is for who called: the status is as it was, whatever the step came to. */
    @TestFactory
    Stream<DynamicNode> anInterruptIsLeftToTheCaller() {
        return movers(5, TOTAL + BEYOND, (rig, steps, seed) -> {
            long n = steps.run((int) seed, TOTAL);
            if (n != Step.DECLINED && steps.moved() < TOTAL && steps.stepsInterrupted()) {
                steps.account(true);
            }
            return n;
        });
    }
}
