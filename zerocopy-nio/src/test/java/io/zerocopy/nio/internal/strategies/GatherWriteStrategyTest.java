package io.zerocopy.nio.internal.strategies;

import static io.zerocopy.nio.internal.strategies.Fixtures.all;
import static io.zerocopy.nio.internal.strategies.Fixtures.drain;
import static io.zerocopy.nio.internal.strategies.Fixtures.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.nio.internal.ports.ChannelTarget;
import io.zerocopy.nio.internal.ports.FileTarget;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatherWriteStrategyTest {
    private final GatherWriteStrategy strategy = new GatherWriteStrategy();

    @TempDir
    Path folder;

    /** Returns heap, direct, read-only and empty buffers, which together contain the pattern. */
    private static ByteBuffer[] mixed(byte[] data, int pieces) {
        List<ByteBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < pieces; i++) {
            int start = (int) ((long) data.length * i / pieces);
            int end = (int) ((long) data.length * (i + 1) / pieces);
            ByteBuffer direct = ByteBuffer.allocateDirect(end - start + 3).position(3);
            direct.put(data, start, end - start).flip().position(3);
            ByteBuffer heap = ByteBuffer.wrap(data, start, end - start);
            switch (i % 5) {
                case 0, 1 -> buffers.add(heap);
                case 2 -> buffers.add(direct);
                case 3 -> buffers.add(heap.asReadOnlyBuffer());
                default -> buffers.add(direct.asReadOnlyBuffer());
            }
            if (i % 7 == 0) {
                buffers.add(ByteBuffer.allocate(0));
            }
        }
        return buffers.toArray(new ByteBuffer[0]);
    }

    private static long remaining(ByteBuffer[] buffers) {
        return Arrays.stream(buffers).mapToLong(ByteBuffer::remaining).sum();
    }

    @Test
    void wantsBuffersOnly() {
        EndpointFacts socket = EndpointFacts.of(EndpointKind.TCP, -1, true);
        assertThat(strategy.refusal(EndpointFacts.of(EndpointKind.MEMORY, 10, true), socket, all(-1)))
                .isNull();
        assertThat(strategy.refusal(socket, socket, all(-1))).isNotNull();
    }

    @Test
    void advancesTheBuffersByWhatWasDeliveredAndRestoresTheirLimits() throws IOException {
        ByteBuffer[] buffers = mixed(pattern(100), 4);
        int[] limits = Arrays.stream(buffers).mapToInt(ByteBuffer::limit).toArray();
        ScriptedTarget target =
                new ScriptedTarget(EndpointKind.TCP).then(33, Step.AWAIT_TARGET, new IOException("Broken pipe"));
        try (Mover mover = strategy.open(new Memory(buffers), target, all(-1))) {
            assertThat(mover.step(0, -1, 60)).isEqualTo(33);
            assertThat(mover.step(0, -1, 27)).isEqualTo(Step.AWAIT_TARGET);
            assertThatThrownBy(() -> mover.step(0, -1, 27)).hasMessage("Broken pipe");
            assertThat(remaining(buffers)).isEqualTo(67);
            assertThat(mover.step(0, -1, 27)).isEqualTo(27);
            assertThat(remaining(buffers)).isEqualTo(40);
            assertThat(drain(mover, 0, -1, 1000)).isEqualTo(40);
        }
        assertThat(target.received()).isEqualTo(pattern(100));
        assertThat(Arrays.stream(buffers).mapToInt(ByteBuffer::limit).toArray()).isEqualTo(limits);
    }

    @Test
    void offersAtMost1024BuffersAtATime() throws IOException {
        ScriptedTarget target = new ScriptedTarget(EndpointKind.TCP);
        try (Mover mover = strategy.open(new Memory(mixed(pattern(9000), 3000)), target, all(-1))) {
            assertThat(drain(mover, 0, -1, Long.MAX_VALUE)).isEqualTo(9000);
        }
        assertThat(target.mostBuffers).isEqualTo(1024);
        assertThat(target.received()).isEqualTo(pattern(9000));
    }

    @Test
    void gathersMixedBuffersIntoAPipe() throws IOException {
        byte[] data = pattern(700_000);
        ByteBuffer[] buffers = mixed(data, 1500);
        Pipe pipe = Pipe.open();
        try (Pipe.SinkChannel sink = pipe.sink();
                Pipe.SourceChannel drain = pipe.source()) {
            sink.configureBlocking(false);
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            ByteBuffer in = ByteBuffer.allocate(1 << 20);
            ChannelTarget target = new ChannelTarget(sink);
            try (Mover mover = strategy.open(new Memory(buffers), target, all(-1))) {
                long n;
                while ((n = mover.step(0, -1, Long.MAX_VALUE)) != Step.END) {
                    assertThat(n).isNotEqualTo(Step.DECLINED);
                    assertThat(remaining(buffers)).isEqualTo(data.length - received.size() - Math.max(0, n));
                    for (long left = Math.max(0, n); left > 0; left -= in.position()) {
                        drain.read(in.clear());
                        received.write(in.array(), 0, in.position());
                    }
                }
            }
            target.release();
            assertThat(received.toByteArray()).isEqualTo(data);
        }
    }

    @Test
    void writesMixedBuffersToAFileByPositionAndByAppending() throws IOException {
        byte[] data = pattern(2_500_000);
        for (int pieces : new int[] {1, 3, 17, 4000}) {
            Path file = folder.resolve("f" + pieces);
            try (FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                move(new FileTarget(channel), mixed(data, pieces), 5);
                assertThat(channel.position()).isZero();
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
                move(new FileTarget(channel), mixed(data, pieces), -1);
            }
            byte[] found = Files.readAllBytes(file);
            assertThat(Arrays.copyOfRange(found, 5, 5 + data.length)).isEqualTo(data);
            assertThat(Arrays.copyOfRange(found, 5 + data.length, found.length)).isEqualTo(data);
        }
    }

    private void move(FileTarget target, ByteBuffer[] buffers, long position) throws IOException {
        long wanted = remaining(buffers);
        try (Mover mover = strategy.open(new Memory(buffers), target, all(position))) {
            assertThat(drain(mover, 0, position, Long.MAX_VALUE)).isEqualTo(wanted);
        }
        target.release();
    }

    private record Memory(ByteBuffer[] buffers) implements Source {
        @Override
        public EndpointFacts facts() {
            return EndpointFacts.of(EndpointKind.MEMORY, remaining(buffers), true);
        }

        @Override
        public Channel channel() {
            return null;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean await(long nanos) {
            return true;
        }

        @Override
        public long read(ByteBuffer target, long position) {
            throw new AssertionError("buffers are not read");
        }
    }
}
