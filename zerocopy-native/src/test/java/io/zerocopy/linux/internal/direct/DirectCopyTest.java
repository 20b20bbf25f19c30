package io.zerocopy.linux.internal.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.linux.internal.direct.queue.BlockQueue;
import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.internal.memory.AlignedBlock;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.TransferRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In direct copies, later blocks may be written before the first one, as by a ring, and writes may fail. */
class DirectCopyTest {
    private static final int BLOCK = AlignedBlock.CAPACITY;
    private static final int PAGE = 4096;

    private final ScriptedSyscalls script = new ScriptedSyscalls();
    private final Kernel kernel = new Kernel(script.sys());
    private final ChannelFixture ends = new ChannelFixture();
    private FileChannel source;
    private FileChannel target;
    private final Backwards queue = new Backwards(4);

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    private DirectCopyMover mover(int sourceSize, int targetSize) throws IOException {
        source = ends.file(sourceSize);
        target = ends.file(targetSize);
        DescriptorSource from = (DescriptorSource) kernel.source(source);
        DescriptorTarget to = (DescriptorTarget) kernel.target(target);
        from.acquire();
        ends.keep(from::release);
        to.acquire();
        ends.keep(to::release);
        DirectDescriptor in = DirectDescriptor.open(from, C.O_RDONLY).end();
        assumeTrue(in != null, "the folder for temporary files has no direct I/O");
        DirectDescriptor out = DirectDescriptor.open(to, C.O_WRONLY).end();
        return ends.keep(new DirectCopyMover(from, to, new DirectReader(in), out, queue));
    }

    private void pass(int times) {
        for (int i = 0; i < times; i++) {
            script.answer("pwrite", arguments -> script.pass("pwrite", arguments));
        }
    }

    private void passShort(long bytes) {
        script.answer("pwrite", arguments -> {
            arguments[2] = bytes;
            return script.pass("pwrite", arguments);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, PAGE, BLOCK, 2 * BLOCK})
    void whatWasWrittenBehindAFailedFirstBlockIsCutOff(int sizeBefore) throws IOException {
        DirectCopyMover mover = mover(3 * BLOCK, sizeBefore);
        pass(2);
        script.answer("pwrite", -Errno.EIO);
        int at = Math.min(sizeBefore, BLOCK);
        assertThatThrownBy(() -> mover.step(0, at, 3 * BLOCK)).hasMessage("pwrite: EIO (Input/output error)");
        assertThat(target.size()).isGreaterThan(sizeBefore);
        mover.close();
        assertThat(target.size()).isEqualTo(sizeBefore);
    }

    /** Several writers of one file have a range each, and one of them fails. */
    @Test
    void whatOthersWriteBeforeItsOwnRangeStays() throws IOException {
        DirectCopyMover mover = mover(3 * BLOCK, 0);
        pass(2);
        script.answer("pwrite", arguments -> {
            ByteBuffer others = ByteBuffer.allocate(PAGE).put(0, (byte) 42);
            target.write(others, 0);
            return (long) -Errno.EIO;
        });
        assertThatThrownBy(() -> mover.step(0, 2 * BLOCK, 3 * BLOCK)).hasMessageContaining("EIO");
        mover.close();
        assertThat(target.size()).isEqualTo(2 * BLOCK);
        ByteBuffer first = ByteBuffer.allocate(1);
        target.read(first, 0);
        assertThat(first.get(0)).isEqualTo((byte) 42);
    }

    @Test
    void whatAQueueReadsShortIsFinishedByAPlainRead() throws IOException {
        DirectCopyMover mover = mover(4 * BLOCK, 0);
        script.answer("pread", arguments -> {
            arguments[2] = (long) PAGE;
            return script.pass("pread", arguments);
        });
        assertThat(mover.step(0, 0, 4 * BLOCK)).isEqualTo(PAGE);
        int before = queue.asked;
        assertThat(mover.step(PAGE, PAGE, 4 * BLOCK - PAGE)).isEqualTo(BLOCK);
        assertThat(queue.asked).as("not by the queue").isEqualTo(before);
        assertThat(mover.step(BLOCK + PAGE, BLOCK + PAGE, 3 * BLOCK - PAGE)).isPositive();
        assertThat(queue.asked).as("which goes on behind that").isGreaterThan(before);
    }

    @Test
    void thereIsNoRingOnFuse() {
        EndpointFacts file = new EndpointFacts(EndpointKind.FILE, 1 << 20, false, true, true, 1, 2, "ext4");
        EndpointFacts fuse = new EndpointFacts(EndpointKind.FILE, 1 << 20, false, true, true, 1, 2, "fuse");
        TransferRequest request = new TransferRequest(0, 0, Long.MAX_VALUE, true, Preference.REQUIRE);
        Strategy ring = ChannelFixture.strategy(kernel, Mechanism.IO_URING);
        assertThat(ring.refusal(file, file, request)).isNull();
        assertThat(ring.refusal(fuse, file, request)).contains("FUSE");
        assertThat(ring.refusal(file, fuse, request)).contains("FUSE");
    }

    @Test
    void aLaterFailedBlockDoesNotHideWrittenBytes() throws IOException {
        DirectCopyMover mover = mover(4 * BLOCK, 0);
        script.answer("pwrite", -Errno.ENOSPC);
        passShort(PAGE);
        script.answer("pwrite", -Errno.ENOSPC);
        pass(1);
        assertThat(mover.step(0, 0, 4 * BLOCK)).isEqualTo(BLOCK);
        script.answer("pwrite", -Errno.ENOSPC, -Errno.ENOSPC, -Errno.ENOSPC);
        assertThatThrownBy(() -> mover.step(BLOCK, BLOCK, 3 * BLOCK)).hasMessageContaining("ENOSPC");
        mover.close();
        assertThat(target.size()).isEqualTo(BLOCK);
    }

    @Test
    void aFirstWriteThatIsRefusedIsDeclinedAndLeavesNothing() throws IOException {
        DirectCopyMover mover = mover(2 * BLOCK, 0);
        pass(1);
        script.answer("pwrite", -Errno.EINVAL);
        assertThat(mover.step(0, 0, 2 * BLOCK)).isEqualTo(Step.DECLINED);
        assertThat(mover.declinedBecause()).isEqualTo("pwrite(O_DIRECT): " + Errno.text(Errno.EINVAL));
        mover.close();
        assertThat(target.size()).isZero();
    }

    @Test
    void theEndOfTheFileInsideABlockIsReachedExactly() throws IOException {
        DirectCopyMover mover = mover(2 * BLOCK + PAGE + 77, 0);
        long done = 0;
        for (long n = mover.step(0, 0, 1L << 40); n != Step.END; n = mover.step(done, done, 1L << 40)) {
            assertThat(n).isPositive();
            done += n;
        }
        mover.close();
        assertThat(done).isEqualTo(source.size());
        assertThat(target.size()).isEqualTo(done);
        ByteBuffer copy = ByteBuffer.allocate((int) done);
        ByteBuffer original = ByteBuffer.allocate((int) done);
        assertThat(target.read(copy, 0)).isEqualTo(source.read(original, 0));
        assertThat(copy.array()).isEqualTo(original.array());
    }

    /** Reads at once, and writes from the last slot to the first when everything is read. */
    private final class Backwards implements BlockQueue {
        private final AlignedBlock[] blocks;
        private final long[] results;
        private final Deque<Integer> reads = new ArrayDeque<>();
        private final Deque<Runnable> writes = new ArrayDeque<>();
        private int written;
        private int asked; // reads so far

        Backwards(int depth) {
            this.blocks = new AlignedBlock[depth];
            this.results = new long[depth];
            for (int i = 0; i < depth; i++) {
                blocks[i] = AlignedBlock.take();
            }
        }

        @Override
        public int depth() {
            return blocks.length;
        }

        @Override
        public ByteBuffer part(int slot, int from, int to) {
            return blocks[slot].part(from, to);
        }

        @Override
        public void read(int slot, int fd, long position, int length) {
            results[slot] = script.sys().pread(fd, blocks[slot].address(), length, position);
            reads.add(slot);
            asked++;
        }

        @Override
        public void write(int slot, int fd, long position, int length) {
            writes.push(() -> {
                results[slot] = script.sys().pwrite(fd, blocks[slot].address(), length, position);
                written = slot;
            });
        }

        @Override
        public int next() {
            if (!reads.isEmpty()) {
                return reads.remove();
            }
            if (writes.isEmpty()) {
                return -1;
            }
            writes.pop().run();
            return written;
        }

        @Override
        public long result(int slot) {
            return results[slot];
        }

        @Override
        public boolean hasFailed() {
            return false;
        }

        @Override
        public void close() {
            for (AlignedBlock block : blocks) {
                block.release();
            }
        }
    }
}
