package io.zerocopy.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Preference;
import io.zerocopy.Transfers;
import io.zerocopy.nio.NioProvider;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Strategy;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.Place;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The guide's example of a mechanism that a provider adds works as the guide says. */
class HeapProviderTest {
    private static final int TOTAL = 200_000;

    @TempDir
    Path folder;

    /**
     * Uses the part of the contract about movers. The whole contract needs a service, which all other tests would use,
     * too.
     */
    @ParameterizedTest
    @EnumSource(names = {"FILE", "PIPE", "TCP"})
    void itsMoverLosesNothing(SourceDriver.Of source) throws Exception {
        Strategy strategy = new HeapProvider().strategies().get(0);
        for (long seed = 0; seed < 40; seed++) {
            try (TestFixture fixture = new TestFixture()) {
                SourceDriver feed = SourceDriver.open(fixture, source, TOTAL, 0);
                TargetDriver drain = TargetDriver.open(fixture, TargetDriver.Of.UNIX, feed.start(), Place.START);
                try (Steps steps = new Steps(fixture, new NioProvider(), strategy, feed, drain, TOTAL / 2, seed)) {
                    steps.begin().run(seed % 2 == 0 ? Integer.MAX_VALUE : (int) (10 + seed), TOTAL);
                    steps.account(true);
                }
            }
        }
    }

    @Test
    void isListedBesideTheTwelve() throws Exception {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(Provider.class.getName()), HeapProvider.class.getName());
        Path source = folder.resolve("source");
        Files.write(source, Content.PATTERN.bytes(0, TOTAL));
        Path target = folder.resolve("target");
        Child.Ended ended = new Child().with(folder).run(HeapSubject.class, source.toString(), target.toString());
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output())
                .containsPattern("(?m)^ +HEAP_READ_WRITE +no +direct memory is faster; name it to have it$")
                .containsPattern("(?m)^usual: 200000 bytes by (?!HEAP)")
                .contains("named: 200000 bytes by HEAP_READ_WRITE in ")
                .containsPattern(
                        "(?m)^ +HEAP_READ_WRITE +yes +counts as READ_WRITE; CPU copies 2, DMA copies 2, context"
                                + " switches a call 4$")
                .contains("off: Optional[switched off by -Dzerocopy.disable]")
                .contains("refused: no mechanism that was asked for is available: HEAP_READ_WRITE: switched off");
        assertThat(target).hasBinaryContent(Content.PATTERN.bytes(0, TOTAL));
    }

    @Test
    void anUnknownMechanismIsRefused() {
        Path path = folder.resolve("file");
        assertThatThrownBy(() -> Transfers.from(path).to(path).use("HEAP_READ_WRITE", Preference.NEVER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HEAP_READ_WRITE");
        assertThat(Transfers.capabilities().unavailableBecause("HEAP_READ_WRITE"))
                .isPresent();
        assertThat(Transfers.capabilities().unavailableBecause("read-write")).isEmpty();
    }
}
