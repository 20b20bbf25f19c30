package io.zerocopy.linux.internal.fd;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.linux.internal.copy.PipePool;
import io.zerocopy.linux.internal.fixture.ModelDescriptors;
import io.zerocopy.linux.internal.fixture.SeededThreads;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.sys.C;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The pool of pipes and the leases of descriptors, in many interleavings of the same few threads, one per seed. There
 * are 400, of which {@code -Dzerocopy.tests.sample} percent are run, from number {@code -Dzerocopy.tests.seed} on.
 */
class InterleavingsTest {
    private static final int SEEDS = 4 * Integer.getInteger("zerocopy.tests.sample", 100);
    private static final long FIRST = Long.getLong("zerocopy.tests.seed", System.nanoTime());

    private interface Story {
        void tell(SeededThreads turns, ModelDescriptors descriptors, long seed) throws Exception;
    }

    private static void everyOrder(Story story) {
        System.out.printf(
                "sampled InterleavingsTest: %d of 400 orders; again with -Dzerocopy.tests.sample=%d -Dzerocopy.tests.seed=%d%n",
                SEEDS, SEEDS / 4, FIRST);
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            SeededThreads turns = new SeededThreads(seed);
            try {
                story.tell(turns, new ModelDescriptors(turns, seed), seed);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("with seed " + seed + ": " + e, e);
            }
        }
    }

    @Test
    void aPipeIsNeverInTwoHandsAndNoneIsLost() {
        everyOrder((turns, descriptors, seed) -> {
            PipePool pool = new PipePool(descriptors.sys);
            Set<Integer> inUse = new HashSet<>();
            for (int i = 0; i < 4; i++) {
                Random random = new Random(seed * 31 + i);
                turns.add(() -> {
                    for (int round = 0; round < 4; round++) {
                        use(pool, inUse, random.nextBoolean(), turns);
                    }
                });
            }
            turns.run();
            counts(pool, descriptors);
        });
    }

    private static void use(PipePool pool, Set<Integer> inUse, boolean emptied, SeededThreads turns) {
        PipePool.Pipe pipe = pool.take();
        if (pipe == null) {
            return;
        }
        synchronized (inUse) {
            assertThat(inUse.add(pipe.readEnd()) && inUse.add(pipe.writeEnd()))
                    .as("nobody else has it")
                    .isTrue();
        }
        turns.next();
        synchronized (inUse) {
            inUse.remove(pipe.readEnd());
            inUse.remove(pipe.writeEnd());
        }
        pool.give(pipe, emptied);
    }

    /**
     * All open pipes are in the pool, and the pool's counts are right: exactly the allowed number of pipes can be
     * large.
     */
    private static void counts(PipePool pool, ModelDescriptors descriptors) {
        int open = descriptors.count();
        List<PipePool.Pipe> taken = new ArrayList<>();
        int large = 0;
        for (int tries = 0; tries < 200; tries++) {
            PipePool.Pipe pipe = pool.take();
            if (pipe != null) {
                taken.add(pipe);
                large += pipe.isLarge() ? 1 : 0;
            }
            if (2 * taken.size() < open) {
                assertThat(descriptors.count()).as("open while some are idle").isEqualTo(open);
            }
        }
        assertThat(descriptors.count()).isEqualTo(2 * taken.size());
        assertThat(large).isEqualTo(PipePool.MAX_LARGE);
    }

    /** A channel that closes its descriptor as the JDK does: under a lock, and the number is reused at once. */
    private static final class Leased implements ReadableByteChannel {
        private final ModelDescriptors descriptors;
        private final Object closeLock = new Object();
        private final int fd;
        private final ChannelLease lease;
        private volatile boolean open = true;

        Leased(ModelDescriptors descriptors) {
            this.descriptors = descriptors;
            this.fd = descriptors.open();
            FileStatus status = new FileStatus(C.S_IFSOCK, 1, fd, 0, 0, 0, 0);
            this.lease = new ChannelLease(this, fd, closeLock, null, EndpointKind.TCP, true, C.O_RDWR, status);
            this.lease.share(new DescriptorMode(descriptors.sys));
        }

        @Override
        public int read(ByteBuffer target) {
            throw new AssertionError("read by the port alone");
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            synchronized (closeLock) {
                if (open) {
                    open = false;
                    descriptors.sys.close(fd);
                }
            }
        }
    }

    private static void transfer(ModelDescriptors descriptors, Leased channel, int reads) throws IOException {
        DescriptorSource port = new DescriptorSource(descriptors.sys, channel, channel.lease);
        try {
            port.acquire();
            for (int i = 0; i < reads; i++) {
                assertThat(port.read(ByteBuffer.allocateDirect(10), 0)).isEqualTo(Step.AWAIT_SOURCE);
            }
        } catch (ClosedChannelException ended) {
            assertThat(channel.isOpen()).isFalse();
        } finally {
            port.release();
        }
    }

    @Test
    void theFlagStaysUntilItsLastUserIsDone() {
        everyOrder((turns, descriptors, seed) -> {
            Leased channel = new Leased(descriptors);
            for (int i = 0; i < 3; i++) {
                int reads = 1 + (int) (seed + i) % 3;
                turns.add(() -> {
                    transfer(descriptors, channel, reads);
                    transfer(descriptors, channel, 1);
                });
            }
            turns.run();
            assertThat(descriptors.flags(channel.fd)).isEqualTo(C.O_RDWR);
        });
    }

    @Test
    void aCloseByAnyThreadNeverTouchesAForeignDescriptor() {
        everyOrder((turns, descriptors, seed) -> {
            Leased channel = new Leased(descriptors);
            turns.add(() -> transfer(descriptors, channel, 3));
            turns.add(() -> transfer(descriptors, channel, 2));
            turns.add(() -> {
                turns.next();
                channel.close();
            });
            List<Integer> others = new ArrayList<>();
            turns.add(() -> {
                for (int i = 0; i < 4; i++) {
                    turns.next();
                    others.add(descriptors.openStranger());
                }
            });
            turns.run();
            assertThat(others)
                    .allSatisfy(fd -> assertThat(descriptors.flags(fd)).isEqualTo(C.O_RDWR));
        });
    }
}
