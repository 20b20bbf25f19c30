package io.zerocopy.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import io.zerocopy.tests.contract.SideEffectStrategy.Fault;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Movers that move their bytes correctly but have a side effect: the contract, used as a provider uses it, detects
 * each.
 */
@Tag("thorough")
class SideEffectsTest {
    @TempDir
    private Path directory;

    /** A choice of tests of the contract. */
    private interface Tests extends Function<StrategyContract, Stream<DynamicNode>> {}

    private static Arguments found(Fault fault, Tests by, String pair, String said) {
        return arguments(fault, by, pair, said);
    }

    static Stream<Arguments> faults() {
        Tests all = StrategyContract::movesWhatWasAskedForAndTakesNoMore;
        Tests end = StrategyContract::movesAllThereIsHoweverMuchIsAskedFor;
        Tests cancelled = StrategyContract::whereverItIsCancelledNothingIsLost;
        Tests broken = StrategyContract::whenTheTargetBreaksNothingIsLost;
        Tests closed = StrategyContract::anEndThatWasClosedIsSaidToBe;
        Tests interrupted = StrategyContract::anInterruptIsLeftToTheCaller;
        return Stream.of(
                found(Fault.LEAVES_A_THREAD, cancelled, "FILE to FILE", "new threads are left"),
                found(Fault.LEAVES_A_PIPE, cancelled, "FILE to FILE", "pipes are left"),
                found(Fault.LEAVES_A_DESCRIPTOR, cancelled, "FILE to FILE", "/dev/null"),
                found(Fault.LEAVES_A_FILE_MAPPED, cancelled, "FILE to FILE", "still mapped"),
                found(Fault.LEAVES_A_TEMPORARY_FILE, cancelled, "FILE to FILE", "left behind"),
                found(Fault.LEAVES_THE_SOURCE_BLOCKING, cancelled, "UNIX to PIPE", "has the flags"),
                found(Fault.MOVES_THE_SOURCES_POSITION, all, "FILE to FILE", "source's own position"),
                found(Fault.MOVES_THE_TARGETS_POSITION, all, "FILE to FILE", "target's own position"),
                found(Fault.CLOSES_ITS_SOURCE_WHEN_IT_FAILS, broken, "FILE to TCP", "source was closed"),
                found(Fault.CLOSES_ITS_TARGET_WHEN_IT_FAILS, broken, "FILE to TCP", "target was closed"),
                found(Fault.CLOSES_ITS_SOURCE_WHEN_IT_FAILS, closed, "UNIX to PIPE", "source was closed"),
                found(Fault.CLOSES_ITS_TARGET_WHEN_IT_FAILS, closed, "UNIX to PIPE", "target was closed"),
                found(Fault.SWALLOWS_INTERRUPTS, interrupted, "OPAQUE to FILE", "interrupt status is gone"),
                found(
                        Fault.FORGETS_WHAT_IT_TOOK_WHEN_INTERRUPTED,
                        interrupted,
                        "PIPE to UNIX",
                        "rest of the source is wrong"),
                found(Fault.HANDS_BACK_ITS_BUFFER_WHEN_IT_FAILS, closed, "UNIX to PIPE", "handed back is wrong"),
                found(Fault.CUTS_OFF_THE_TARGET, all, "FILE to FILE", "the target file ends at"),
                found(Fault.ROUNDS_UP_IN_THE_TARGET, all, "TCP to FILE", "the target file ends at"),
                found(Fault.FILLS_THE_GAP, all, "FILE to FILE", "is wrong"),
                found(Fault.SPOILS_WHAT_LIES_BEYOND_4_GIB, all, "FILE to FILE", "is wrong"),
                found(Fault.WRITES_MORE_WHERE_IT_APPENDS, all, "FILE to APPEND", "the target file ends at"),
                found(Fault.COUNTS_IN_INTS, end, "FILE to PIPE", ""),
                found(Fault.KEEPS_TO_ITS_THREAD, MoverContract::aMoverGoesFromThreadToThread, "PIPE to UNIX", "thread"),
                found(
                        Fault.REUSES_WHAT_IT_HANDS_BACK,
                        MoverContract::whatIsHandedBackIsTheCallersToKeep,
                        "UNIX to UNIX",
                        "handed back is wrong"),
                found(Fault.TAKES_MORE_THAN_A_STEP_IS_FOR, cancelled, "PIPE to UNIX", "more were wanted at most"),
                found(Fault.WRITES_TO_THE_CALLERS_BUFFERS, all, "HEAP_BUFFERS to UNIX", "other bytes"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void isDetected(Fault fault, Tests by, String pair, String said) throws Exception {
        SideEffectStrategy strategy = new SideEffectStrategy(fault, directory);
        try {
            run(new SideEffectStrategy(Fault.NONE, directory), by, pair, TestFixture.DEADLINE_SECONDS);
            assertThatThrownBy(() -> run(strategy, by, pair, 1))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("READ_WRITE: " + pair)
                    .hasMessageContaining(said);
        } finally {
            strategy.cleanUp();
        }
    }

    @Test
    void everyFaultIsPlanted() {
        Set<Fault> planted = EnumSet.of(Fault.NONE);
        faults().forEach(each -> planted.add((Fault) each.get()[0]));
        assertThat(planted).containsExactlyInAnyOrder(Fault.values());
    }

    /**
     * The JVM itself sometimes opens a file and closes it, so a contract waits a while until all descriptors are
     * closed.
     */
    private void run(Strategy strategy, Tests by, String pair, long patience) {
        StrategyContract contract = new StrategyContract(new OneStrategy(strategy)) {
            @Override
            protected Path directory() {
                return directory;
            }

            @Override
            long patience() {
                return patience;
            }
        };
        DynamicTest test = by.apply(contract)
                .filter(each -> each.getDisplayName().equals("READ_WRITE: " + pair))
                .map(DynamicTest.class::cast)
                .findFirst()
                .orElseThrow();
        try {
            test.getExecutable().execute();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** A provider of one mechanism, without its own ends. */
    private record OneStrategy(Strategy strategy) implements Provider {
        @Override
        public String name() {
            return "careless";
        }

        @Override
        public int rank() {
            return 0;
        }

        @Override
        public List<Strategy> strategies() {
            return List.of(strategy);
        }

        @Override
        public EndpointFacts describe(Path path, boolean target) {
            return null;
        }

        @Override
        public Source source(Closeable source) {
            return null;
        }

        @Override
        public Target target(Closeable target) {
            return null;
        }
    }
}
