package io.zerocopy.linux.internal.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.linux.internal.direct.queue.ThreadedBlockQueue;
import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.internal.memory.AlignedBlock;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Direct reads never ask for blocks after the last block of the file: XFS may answer EIO. */
class DirectBoundsTest {
    private static final int BLOCK = AlignedBlock.CAPACITY;

    private final ScriptedSyscalls script = new ScriptedSyscalls();
    private final Kernel kernel = new Kernel(script.sys());
    private final ChannelFixture ends = new ChannelFixture();

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    /** Only for whole blocks: smaller parts go through the page cache. */
    private void requireInside(long size, int alignment) {
        long end = size + alignment - 1 & -alignment;
        assertThat(script.calls("pread")).allSatisfy(call -> {
            boolean blocks = call.number(2) > 0 && call.number(2) % alignment == 0;
            if (blocks && call.number(3) % alignment == 0) {
                assertThat(call.number(3) + call.number(2)).isLessThanOrEqualTo(end);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, 4097, BLOCK - 1, BLOCK, BLOCK + 1, BLOCK + 4096, 3 * BLOCK + 5000})
    void aFileIsReadToItsEndAndNotBeyond(int size) throws IOException {
        FileChannel file = ends.file(size);
        DirectBlocks blocks = kernel.directBlocks(file, true, true, false);
        ends.keep(blocks);
        assumeTrue(blocks.refused().isEmpty(), "the folder for temporary files has no direct I/O");
        for (int from : new int[] {0, 1, 4096, size / 2, size - 1, size, size + 1, size + 10_000}) {
            for (int length : new int[] {1, 4096, BLOCK, 2 * BLOCK, 4 * BLOCK}) {
                for (ByteBuffer to :
                        new ByteBuffer[] {ByteBuffer.allocate(length), ByteBuffer.allocateDirect(length + 8192)}) {
                    ByteBuffer room = to.isDirect() ? to.alignedSlice(4096).limit(length) : to;
                    int left = Math.max(0, Math.min(length, size - from));
                    assertThat(from < 0 ? left : blocks.read(from, room)).isEqualTo(left);
                }
            }
        }
        requireInside(size, blocks.alignment());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4096, 4097, BLOCK - 1, BLOCK, BLOCK + 1, BLOCK + 4096, 3 * BLOCK + 5000})
    void aCopyOfMoreThanThereIsStopsAtTheEnd(int size) throws IOException {
        FileChannel source = ends.file(size);
        FileChannel target = ends.file(0);
        Mover mover = mover(source, target);
        assertThat(drain(mover)).isEqualTo(size);
        requireInside(size, 512);
        assertThat(target.size()).isEqualTo(size);
    }

    /** The size that bounds the reads is then out of date. */
    @ParameterizedTest
    @ValueSource(ints = {5000, BLOCK, BLOCK + 4096})
    void aFileThatIsCutMeanwhileEndsWhereItEndsNow(int size) throws IOException {
        FileChannel source = ends.file(3 * BLOCK);
        Mover mover = mover(source, ends.file(0));
        for (int i = 0; i < 3; i++) {
            script.answer("pread", arguments -> {
                source.truncate(size);
                long behind = (long) arguments[2] + (long) arguments[3] - (size + 4095 & -4096);
                return behind > 0 ? -Errno.EIO : script.pass("pread", arguments);
            });
        }
        assertThat(drain(mover)).isEqualTo(size);
    }

    private Mover mover(FileChannel source, FileChannel target) throws IOException {
        DescriptorSource from = (DescriptorSource) kernel.source(source);
        DescriptorTarget to = (DescriptorTarget) kernel.target(target);
        from.acquire();
        ends.keep(from::release);
        to.acquire();
        ends.keep(to::release);
        DirectDescriptor in = DirectDescriptor.open(from, C.O_RDONLY).end();
        assumeTrue(in != null, "the folder for temporary files has no direct I/O");
        DirectDescriptor out = DirectDescriptor.open(to, C.O_WRONLY).end();
        return ends.keep(
                new DirectCopyMover(from, to, new DirectReader(in), out, new ThreadedBlockQueue(script.sys(), 4)));
    }

    private static long drain(Mover mover) throws IOException {
        long done = 0;
        for (long n = mover.step(0, 0, 1L << 40); n != Step.END; n = mover.step(done, done, 1L << 40)) {
            assertThat(n).isPositive();
            done += n;
        }
        return done;
    }
}
