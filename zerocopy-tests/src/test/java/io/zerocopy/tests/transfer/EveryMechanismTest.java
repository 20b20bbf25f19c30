package io.zerocopy.tests.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferPlan.Candidate;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.Leg;
import io.zerocopy.tests.kit.Rig;
import io.zerocopy.tests.kit.SourceCase;
import io.zerocopy.tests.kit.TargetCase;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each mechanism by name on each pair: it moves every byte alone, or says before the first byte why it cannot. */
class EveryMechanismTest {
    private static final long SIZE = (1 << 20) + 4097;

    /** What the kernel may refuse although the facts allowed it; the test asserts that the refusal is a clear one. */
    private static final Set<Mechanism> MAY_DECLINE = EnumSet.of(Mechanism.REFLINK);

    static Stream<Arguments> pairs() {
        return Stream.of(Mechanism.values())
                .flatMap(mechanism -> Stream.of(SourceCase.values())
                        .flatMap(source ->
                                Stream.of(TargetCase.values()).map(target -> Arguments.of(mechanism, source, target))));
    }

    @ParameterizedTest(name = "{0}: {1} to {2}")
    @MethodSource("pairs")
    void movesAloneOrSaysWhyNot(Mechanism mechanism, SourceCase sourceCase, TargetCase targetCase) throws Exception {
        try (Rig rig = new Rig()) {
            SourceCase.Opened source = sourceCase.open(rig, SIZE);
            TargetCase.Opened target = targetCase.open(rig, source.content());
            Transfer transfer = target.into()
                    .put(source.builder())
                    .use(mechanism, Preference.REQUIRE)
                    .build();
            Candidate candidate = transfer.plan().candidates().stream()
                    .filter(c -> c.mechanism() == mechanism)
                    .findFirst()
                    .orElseThrow();
            if (!candidate.eligible()) {
                assertThatThrownBy(transfer::run)
                        .isInstanceOf(MechanismUnavailableException.class)
                        .hasMessageContaining(mechanism + ": " + candidate.reason());
                return;
            }
            try {
                TransferResult result = transfer.run();
                assertThat(result.legs()).containsExactly(new Leg(mechanism, source.size()));
                boolean told = mechanism == Mechanism.MSG_ZEROCOPY; // that the kernel copies on loopback
                assertThat(result.fallbacks()).hasSize(told ? 1 : 0);
                assertThat(target.finish().count()).isIn(source.size(), -1L);
            } catch (MechanismUnavailableException declined) {
                assertThat(MAY_DECLINE).contains(mechanism);
                assertThat(declined).hasMessageContaining(mechanism.name());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {
                "SENDFILE",
                "TRANSFER_TO",
                "MMAP_WRITE",
                "READ_WRITE",
                "SPLICE",
                "COPY_FILE_RANGE",
                "TRANSFER_FROM",
                "DIRECT_IO"
            })
    void everyMechanismOfFilesServesFileToFile(Mechanism mechanism) throws Exception {
        try (Rig rig = new Rig()) {
            SourceCase.Opened source = SourceCase.FILE_CHANNEL.open(rig, SIZE);
            TargetCase.Opened target = TargetCase.FILE_CHANNEL.open(rig, source.content());
            TransferResult result = target.into()
                    .put(source.builder())
                    .use(mechanism, Preference.REQUIRE)
                    .build()
                    .run();
            assertThat(result.legs()).containsExactly(new Leg(mechanism, SIZE));
            assertThat(target.finish().count()).isEqualTo(SIZE);
        }
    }

    @ParameterizedTest
    @MethodSource("splicePairs")
    void spliceServesSocketsFilesAndPipes(SourceCase sourceCase, TargetCase targetCase) throws Exception {
        try (Rig rig = new Rig()) {
            SourceCase.Opened source = sourceCase.open(rig, SIZE);
            TargetCase.Opened target = targetCase.open(rig, source.content());
            TransferResult result = target.into().put(source.builder()).build().run();
            assertThat(result.legs())
                    .as("chosen without being asked for")
                    .containsExactly(new Leg(Mechanism.SPLICE, SIZE));
            assertThat(target.finish().count()).isEqualTo(SIZE);
        }
    }

    static Stream<Arguments> splicePairs() {
        return Stream.of(SourceCase.TCP, SourceCase.UNIX, SourceCase.PIPE, SourceCase.FIFO, SourceCase.SOCKET_STREAM)
                .flatMap(source -> Stream.of(
                                TargetCase.TCP,
                                TargetCase.UNIX,
                                TargetCase.PIPE,
                                TargetCase.FIFO,
                                TargetCase.NEW_FILE,
                                TargetCase.FILE_CHANNEL,
                                TargetCase.FILE_STREAM,
                                TargetCase.SOCKET_STREAM)
                        .map(target -> Arguments.of(source, target)));
    }
}
