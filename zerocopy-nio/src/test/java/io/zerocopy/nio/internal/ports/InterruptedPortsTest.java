package io.zerocopy.nio.internal.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.nio.Deadline;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Target;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An interrupt closes the channel and makes the JDK throw, even if bytes have moved; the ports count them. */
class InterruptedPortsTest {
    private static final int SIZE = 1 << 20; // more than a pipe holds

    @TempDir
    Path folder;

    private static ByteBuffer[] buffers(String which) {
        switch (which) {
            case "direct":
                return new ByteBuffer[] {ByteBuffer.allocateDirect(SIZE)};
            case "heap":
                return new ByteBuffer[] {ByteBuffer.allocate(SIZE)};
            case "many direct":
                return new ByteBuffer[] {ByteBuffer.allocateDirect(1000), ByteBuffer.allocateDirect(SIZE)};
            default:
                return new ByteBuffer[] {
                    ByteBuffer.allocate(1000), ByteBuffer.allocateDirect(500), ByteBuffer.allocate(SIZE)
                };
        }
    }

    private static long left(ByteBuffer[] buffers) {
        long sum = 0;
        for (ByteBuffer buffer : buffers) {
            sum += buffer.remaining();
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct", "heap", "many direct", "many mixed"})
    void whatAnInterruptedWriteBroughtCountsAndTheNextOneTells(String which) throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/mkfifo")), "no mkfifo");
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        try (FileChannel channel = FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileInputStream reader = new FileInputStream(fifo.toFile())) {
            Target target = new FileTarget(channel);
            ByteBuffer[] all = buffers(which);
            long before = left(all);
            FutureTask<Long> write = new FutureTask<>(() -> all.length == 1
                    ? target.write(all[0], Target.NO_POSITION)
                    : target.write(all, 0, all.length, Target.NO_POSITION));
            Thread writer = new Thread(write, "writer");
            writer.start();
            int capacity = 64 << 10;
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Deadline.SECONDS);
            while (reader.available() < capacity) {
                assertThat(System.nanoTime()).as("the pipe is full").isLessThan(deadline);
                LockSupport.parkNanos(100_000);
            }
            writer.interrupt();
            assertThat(write.get(Deadline.SECONDS, TimeUnit.SECONDS)).isEqualTo(capacity);
            assertThat(before - left(all)).isEqualTo(capacity);
            assertThat(channel.isOpen()).isFalse();
            for (int i = 0; i < 2; i++) { // first the failure that was kept, then that of the channel
                assertThatThrownBy(() -> target.write(all[all.length - 1], Target.NO_POSITION))
                        .isInstanceOf(i == 0 ? ClosedByInterruptException.class : IOException.class);
            }
            target.release();
        }
    }

    /** Reads some bytes and fails, like a channel whose reader is interrupted. */
    private static final class Interrupted extends SourcePort {
        Interrupted() {
            super(null, true);
        }

        @Override
        int readOnce(ByteBuffer target, long position) throws IOException {
            target.put(new byte[] {1, 2, 3});
            throw new ClosedByInterruptException();
        }

        @Override
        public EndpointFacts facts() {
            return EndpointFacts.of(EndpointKind.TCP, -1, true);
        }

        @Override
        public Channel channel() {
            return null;
        }

        @Override
        public boolean isOpen() {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAnInterruptedReadTookIsInTheBuffer(boolean direct) {
        ByteBuffer into = direct ? ByteBuffer.allocateDirect(10) : ByteBuffer.allocate(10);
        assertThatThrownBy(() -> new Interrupted().read(into, 0)).isInstanceOf(ClosedByInterruptException.class);
        assertThat(into.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }

    @Test
    void theMergedBuffersOfAFileCountToo() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            Target target = new FileTarget(channel);
            ByteBuffer[] all = {ByteBuffer.allocate(10), ByteBuffer.allocate(20)};
            assertThat(target.write(all, 0, 2, 0)).isEqualTo(30);
            Thread.currentThread().interrupt();
            ByteBuffer[] more = {ByteBuffer.allocate(10), ByteBuffer.allocate(20)};
            assertThatThrownBy(() -> target.write(more, 0, 2, 30)).isInstanceOf(ClosedByInterruptException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(left(more)).isEqualTo(30);
        }
        assertThat(file).hasSize(30);
    }
}
