package io.zerocopy.tests.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferPlan;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.End;
import io.zerocopy.TransferResult.Leg;
import io.zerocopy.tests.contract.SourceCase;
import io.zerocopy.tests.contract.TargetCase;
import io.zerocopy.tests.fixture.Sample;
import io.zerocopy.tests.fixture.TestFixture;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every source × every target × the sizes at which copies usually go wrong; with and without the native part. A run
 * that samples tries some pairs.
 */
@ExtendWith(Sample.class)
class EveryPairTest {
    private static final long[] SIZES = {0, 1, 4095, 4096, 4097, 65_535, 65_537, (1 << 20) - 1, (1 << 20) + 1, 2_500_000
    };

    static Stream<Arguments> pairs() {
        return Sample.of(
                "EveryPairTest.pairs",
                Stream.of(SourceCase.values())
                        .flatMap(source -> Stream.of(TargetCase.values()).map(target -> Arguments.of(source, target))),
                pair -> pair.get()[0].toString());
    }

    @AfterEach
    void switchOn() {
        System.clearProperty("zerocopy.disable");
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    void movesEveryByte(SourceCase source, TargetCase target) throws Exception {
        for (long size : source.sized() ? SIZES : new long[] {1}) {
            move(source, target, size);
        }
    }

    @ParameterizedTest(name = "{0} to {1} without the native part")
    @MethodSource("pairs")
    void movesEveryByteWithoutTheNativePart(SourceCase source, TargetCase target) throws Exception {
        System.setProperty("zerocopy.disable", "native");
        for (long size : source.sized() ? new long[] {0, 4097, (1 << 20) + 1} : new long[] {1}) {
            move(source, target, size);
        }
    }

    private static void move(SourceCase sourceCase, TargetCase targetCase, long size) throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            SourceCase.Opened source = sourceCase.open(fixture, size);
            TargetCase.Opened target = targetCase.open(fixture, source.content());
            boolean counted = sourceCase == SourceCase.DEVICE;
            var transfer = target.into().put(source.builder()).build();
            TransferPlan plan = transfer.plan();
            TransferResult result = transfer.run();

            assertThat(result.bytes()).as("bytes of %s", size).isEqualTo(source.size());
            assertThat(result.end()).isEqualTo(counted ? End.COUNT_REACHED : End.SOURCE_ENDED);
            assertThat(result.legs().stream().mapToLong(Leg::bytes).sum()).isEqualTo(result.bytes());
            asPlanned(plan, result);
            assertThat(plan.candidates())
                    .extracting(TransferPlan.Candidate::mechanism)
                    .containsExactlyInAnyOrder(Mechanism.values());
            untouched(source.channel());
            untouched(target.channel());
            long arrived = target.finish().count();
            assertThat(arrived).isIn(source.size(), -1L);
        }
    }

    /**
     * Checks that a run did what its plan said. Only the run can find out these facts: some kinds of special files have
     * no splice method, a channel's own position may not be where the bytes go, and without the native part a file of
     * sysfs looks as if it could be mapped.
     */
    private static void asPlanned(TransferPlan plan, TransferResult result) {
        assertThat(result.fallbacks())
                .as("%s", plan)
                .allSatisfy(fallback -> assertThat(fallback.reason())
                        .containsAnyOf("splice: EINVAL", "own position", "mmap: No such device"));
        List<Mechanism> declined = result.fallbacks().stream()
                .map(TransferResult.Fallback::mechanism)
                .toList();
        assertThat(plan.candidates().stream()
                        .filter(candidate -> candidate.eligible() && !declined.contains(candidate.mechanism()))
                        .map(TransferPlan.Candidate::mechanism)
                        .findFirst())
                .as("%s", plan)
                .contains(result.mechanism());
    }

    private static void untouched(Channel channel) {
        if (channel != null) {
            assertThat(channel.isOpen()).isTrue();
        }
        if (channel instanceof SelectableChannel selectable) {
            assertThat(selectable.isBlocking()).isTrue();
        }
    }
}
