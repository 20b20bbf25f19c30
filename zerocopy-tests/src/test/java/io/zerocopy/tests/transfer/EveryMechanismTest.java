package io.zerocopy.tests.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.Leg;
import io.zerocopy.tests.contract.SourceCase;
import io.zerocopy.tests.contract.TargetCase;
import io.zerocopy.tests.fixture.TestFixture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each mechanism on its typical pairs; the contract of each provider tests all other pairs. */
class EveryMechanismTest {
    private static final long SIZE = (1 << 20) + 4097;

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
        try (TestFixture fixture = new TestFixture()) {
            SourceCase.Opened source = SourceCase.FILE_CHANNEL.open(fixture, SIZE);
            TargetCase.Opened target = TargetCase.FILE_CHANNEL.open(fixture, source.content());
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
        try (TestFixture fixture = new TestFixture()) {
            SourceCase.Opened source = sourceCase.open(fixture, SIZE);
            TargetCase.Opened target = targetCase.open(fixture, source.content());
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
