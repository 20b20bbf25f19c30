package io.zerocopy.linux.internal.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads and writes through descriptors: counts, positions, and no call that waits. */
class DescriptorPortsTest {
    private final ScriptedSyscalls script = new ScriptedSyscalls();
    private final Kernel kernel = new Kernel(script.sys());
    private final ChannelFixture ends = new ChannelFixture();

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    @Test
    void aFileIsReadAtThePositionNamedAndKeepsItsOwn() throws IOException {
        FileChannel file = ends.file(100);
        file.position(7);
        Source source = kernel.source(file);
        for (ByteBuffer buffer : List.of(ByteBuffer.allocate(20), ByteBuffer.allocateDirect(20))) {
            buffer.position(4);
            assertThat(source.read(buffer, 50)).isEqualTo(16);
            assertThat(buffer.get(4)).isEqualTo((byte) 50);
            assertThat(buffer.hasRemaining()).isFalse();
        }
        assertThat(source.read(ByteBuffer.allocate(20), 95)).isEqualTo(5);
        assertThat(source.read(ByteBuffer.allocate(20), 100)).isEqualTo(Step.END);
        assertThat(source.position()).isEqualTo(7);
        source.position(9);
        assertThat(file.position()).isEqualTo(9);
    }

    @Test
    void aFileIsWrittenAtThePositionNamedOrAtItsEnd() throws IOException {
        Path path = ends.path();
        FileChannel file = ends.keep(FileChannel.open(path, StandardOpenOption.WRITE));
        assertThat(kernel.target(file).write(ByteBuffer.wrap(new byte[] {1, 2}), 10))
                .isEqualTo(2);
        assertThat(file.position()).isZero();
        FileChannel append = ends.keep(FileChannel.open(path, StandardOpenOption.APPEND));
        kernel.target(append).write(ByteBuffer.wrap(new byte[] {3}), Target.NO_POSITION);
        assertThat(file.size()).isEqualTo(13);
    }

    @Test
    void anEmptyPipeAndAFullOneAreAwaited() throws IOException {
        Pipe pipe = ends.pipe();
        Source source = kernel.source(pipe.source());
        Target target = kernel.target(pipe.sink());
        source.acquire();
        target.acquire();
        assertThat(source.read(ByteBuffer.allocateDirect(1), 0)).isEqualTo(Step.AWAIT_SOURCE);
        assertThat(source.await(1_000_000)).isFalse();
        assertThat(target.await(1_000_000)).isTrue();
        ByteBuffer content = ByteBuffer.allocateDirect(1 << 20);
        assertThat(target.write(content, Target.NO_POSITION)).isPositive();
        assertThat(target.write(content, Target.NO_POSITION)).isEqualTo(Step.AWAIT_TARGET);
        assertThat(source.await(1_000_000)).isTrue();
        source.release();
        target.release();
    }

    @Test
    void manyBuffersOfBothKindsGoOutInOrder() throws IOException {
        FileChannel file = ends.file(0);
        Target target = kernel.target(file);
        List<ByteBuffer> sources = new ArrayList<>();
        int total = 0;
        for (int i = 0; i < 3000; i++) {
            ByteBuffer buffer = i % 3 == 0 ? ByteBuffer.allocateDirect(i % 7) : ByteBuffer.allocate(i % 7);
            for (int k = 0; buffer.hasRemaining(); k++) {
                buffer.put((byte) (total + k));
            }
            total += buffer.flip().remaining();
            sources.add(i % 5 == 0 ? buffer.asReadOnlyBuffer() : buffer);
        }
        ByteBuffer[] array = sources.toArray(new ByteBuffer[0]);
        long written = 0;
        for (int from = 0; written < total; ) {
            while (!array[from].hasRemaining()) {
                from++;
            }
            written += target.write(array, from, array.length, written);
        }
        assertThat(script.calls("pwritev")).hasSizeLessThanOrEqualTo(3);
        ByteBuffer back = ByteBuffer.allocate(total);
        file.read(back, 0);
        for (int i = 0; i < total; i++) {
            assertThat(back.get(i)).isEqualTo((byte) i);
        }
        assertThat(sources).noneMatch(ByteBuffer::hasRemaining);
    }

    @Test
    void aShortGatheredWriteAdvancesWhatWasWritten() throws IOException {
        script.answer("pwritev2", 5, -Errno.EAGAIN, -Errno.EPIPE);
        Target target = kernel.target(ends.tcp()[0]);
        ByteBuffer[] sources = {ByteBuffer.allocate(3), ByteBuffer.allocateDirect(4), ByteBuffer.allocate(5)};
        assertThat(target.write(sources, 0, 3, Target.NO_POSITION)).isEqualTo(5);
        assertThat(sources[0].remaining()).isZero();
        assertThat(sources[1].remaining()).isEqualTo(2);
        assertThat(target.write(sources, 1, 3, Target.NO_POSITION)).isEqualTo(Step.AWAIT_TARGET);
        assertThatThrownBy(() -> target.write(sources, 1, 3, Target.NO_POSITION))
                .hasMessage("writev: EPIPE (Broken pipe)");
        assertThat(sources[1].remaining() + sources[2].remaining()).isEqualTo(7);
    }

    /** A FileChannel closes itself when its thread has been interrupted; a port must not. */
    @Test
    void anInterruptedThreadCanStillPutPositionsRight() throws IOException {
        FileChannel file = ends.file(10);
        Source source = kernel.source(file);
        Thread.currentThread().interrupt();
        source.position(3);
        assertThat(source.position()).isEqualTo(3);
        assertThat(source.size()).isEqualTo(10);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(file.isOpen()).isTrue();
    }

    @Test
    void theWrongDirectionIsRefused() throws IOException {
        Path path = ends.path();
        FileChannel in = ends.keep(FileChannel.open(path));
        FileChannel out = ends.keep(FileChannel.open(path, StandardOpenOption.WRITE));
        assertThatThrownBy(kernel.source(out)::acquire).isInstanceOf(NonReadableChannelException.class);
        assertThatThrownBy(kernel.target(in)::acquire).isInstanceOf(NonWritableChannelException.class);
    }

    @Test
    void errorsNameTheCall() throws IOException {
        script.answer("preadv2", -Errno.ECONNRESET)
                .answer("pwritev2", -Errno.ENOSPC)
                .answer("fsync", -Errno.EIO);
        SocketChannel socket = ends.tcp()[0];
        assertThatThrownBy(() -> kernel.source(socket).read(ByteBuffer.allocate(1), 0))
                .hasMessage("read: ECONNRESET (Connection reset by peer)");
        assertThatThrownBy(() -> kernel.target(socket).write(ByteBuffer.allocate(1), Target.NO_POSITION))
                .hasMessage("write: ENOSPC (No space left on device)");
        Target file = kernel.target(ends.file(1));
        assertThatThrownBy(file::force).hasMessage("fsync: EIO (Input/output error)");
    }

    @Test
    void anUnknownErrorHasItsNumber() {
        assertThat(Errno.message("splice", -9999)).isEqualTo("splice: errno 9999");
    }
}
