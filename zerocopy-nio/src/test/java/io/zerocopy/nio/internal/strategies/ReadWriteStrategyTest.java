package io.zerocopy.nio.internal.strategies;

import static io.zerocopy.nio.internal.strategies.Fixtures.all;
import static io.zerocopy.nio.internal.strategies.Fixtures.bytes;
import static io.zerocopy.nio.internal.strategies.Fixtures.drain;
import static io.zerocopy.nio.internal.strategies.Fixtures.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadWriteStrategyTest {
    private final ReadWriteStrategy strategy = new ReadWriteStrategy();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, 4097, 65535, 65536, 65537, 1 << 20, (1 << 20) + 1, 3_000_000})
    void movesEveryByteDespiteShortCounts(int size) throws IOException {
        byte[] data = pattern(size);
        ScriptedSource source = new ScriptedSource(EndpointKind.TCP, data).then(1, 7, 5000);
        ScriptedTarget target = new ScriptedTarget(EndpointKind.TCP).then(1, 3, 1, 10);
        try (Mover mover = strategy.open(source, target, all(Target.NO_POSITION))) {
            assertThat(drain(mover, 0, -1, Long.MAX_VALUE)).isEqualTo(size);
            assertThat(mover.residue().hasRemaining()).isFalse();
        }
        assertThat(target.received()).isEqualTo(data);
    }

    @Test
    void namesTheEndToWaitForAndNeverTheSourceWhileItHoldsBytes() throws IOException {
        ScriptedSource source = new ScriptedSource(EndpointKind.TCP, pattern(100)).then(Step.AWAIT_SOURCE, 60);
        ScriptedTarget target = new ScriptedTarget(EndpointKind.TCP).then(Step.AWAIT_TARGET, 20, Step.AWAIT_TARGET, 40);
        try (Mover mover = strategy.open(source, target, all(-1))) {
            assertThat(mover.step(0, -1, 100)).isEqualTo(Step.AWAIT_SOURCE);
            assertThat(mover.step(0, -1, 100)).isEqualTo(Step.AWAIT_TARGET);
            assertThat(mover.step(0, -1, 100)).isEqualTo(20);
            assertThat(mover.step(0, -1, 80)).isEqualTo(Step.AWAIT_TARGET);
            assertThat(mover.step(0, -1, 80)).isEqualTo(40);
            assertThat(source.reads).isEqualTo(2);
            assertThat(drain(mover, 0, -1, 40)).isEqualTo(40);
        }
        assertThat(target.received()).isEqualTo(pattern(100));
    }

    @Test
    void takesAndDeliversNoMoreThanTheCount() throws IOException {
        ScriptedSource source = new ScriptedSource(EndpointKind.TCP, pattern(1000));
        ScriptedTarget target = new ScriptedTarget(EndpointKind.TCP).then(10);
        try (Mover mover = strategy.open(source, target, all(-1))) {
            assertThat(mover.step(0, -1, 100)).isEqualTo(10);
            assertThat(source.taken()).isEqualTo(100);
            assertThat(mover.step(0, -1, 5)).isEqualTo(5);
            assertThat(bytes(mover.residue())).isEqualTo(Arrays.copyOfRange(pattern(100), 15, 100));
        }
    }

    @Test
    void keepsWhatAFailingTargetDidNotTake() throws IOException {
        ScriptedSource source = new ScriptedSource(EndpointKind.PIPE, pattern(1000));
        ScriptedTarget target = new ScriptedTarget(EndpointKind.TCP).then(300, new IOException("Broken pipe"));
        try (Mover mover = strategy.open(source, target, all(-1))) {
            assertThat(mover.step(0, -1, 5000)).isEqualTo(300);
            assertThatThrownBy(() -> mover.step(0, -1, 4700)).hasMessage("Broken pipe");
            assertThat(bytes(mover.residue())).isEqualTo(Arrays.copyOfRange(pattern(1000), 300, 1000));
        }
    }

    @Test
    void leavesNoResidueOfAFileWhichCanBeReadAgain() throws IOException {
        ScriptedSource source = new ScriptedSource(EndpointKind.FILE, pattern(1000));
        ScriptedTarget target =
                new ScriptedTarget(EndpointKind.FILE).then(300, new IOException("No space left on device"));
        try (Mover mover = strategy.open(source, target, all(50))) {
            assertThat(mover.step(0, 50, 1000)).isEqualTo(300);
            assertThatThrownBy(() -> mover.step(300, 350, 700)).isInstanceOf(IOException.class);
            assertThat(target.lastPosition).isEqualTo(350);
            assertThat(mover.residue().hasRemaining()).isFalse();
        }
    }

    @Test
    void passesOnAFailingSource() throws IOException {
        ScriptedSource source =
                new ScriptedSource(EndpointKind.TCP, pattern(10)).then(new IOException("Connection reset"));
        try (Mover mover = strategy.open(source, new ScriptedTarget(EndpointKind.TCP), all(-1))) {
            assertThatThrownBy(() -> mover.step(0, -1, 10)).hasMessage("Connection reset");
            assertThat(mover.residue().hasRemaining()).isFalse();
        }
    }
}
