package io.zerocopy.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
    private static final long DEADLINE_SECONDS = 120;

    private final BufferPool pool = new BufferPool(ByteBuffer::allocate, 2 << 20);

    @Test
    void givesTheSmallestBufferThatIsLargeEnough() {
        assertThat(pool.take(1).capacity()).isEqualTo(BufferSizes.SMALL);
        assertThat(pool.take(BufferSizes.SMALL).capacity()).isEqualTo(BufferSizes.SMALL);
        assertThat(pool.take(BufferSizes.SMALL + 1).capacity()).isEqualTo(BufferSizes.MEDIUM);
        assertThat(pool.take(Long.MAX_VALUE).capacity()).isEqualTo(BufferSizes.LARGE);
    }

    @Test
    void givesTheLastBufferReturnedClearedAndOnlyOnce() {
        ByteBuffer first = pool.take(1);
        pool.give(first.position(3).limit(4));

        assertThat(pool.take(1)).isSameAs(first);
        assertThat(first.position()).isZero();
        assertThat(first.limit()).isEqualTo(first.capacity());
        assertThat(pool.take(1)).isNotSameAs(first);
    }

    @Test
    void keepsNoMoreIdleBytesThanItsBound() {
        List<ByteBuffer> taken = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            taken.add(pool.take(i % 2 == 0 ? BufferSizes.SMALL : BufferSizes.LARGE));
        }
        taken.forEach(pool::give);

        assertThat(pool.idleBytes()).isBetween(1L << 20, 2L << 20);
    }

    @Test
    void refusesABufferThatIsIdleAlready() {
        ByteBuffer buffer = pool.take(1);
        pool.give(buffer);

        assertThatThrownBy(() -> pool.give(buffer)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void givesASmallerBufferWhereThereIsNoMemoryForALargeOne() {
        BufferPool scarce = new BufferPool(
                capacity -> {
                    if (capacity > BufferSizes.SMALL) {
                        throw new OutOfMemoryError("Cannot reserve " + capacity + " bytes");
                    }
                    return ByteBuffer.allocate(capacity);
                },
                1 << 20);
        ByteBuffer small = scarce.take(BufferSizes.LARGE);

        assertThat(small.capacity()).isEqualTo(BufferSizes.SMALL);
        scarce.give(small);
        assertThat(scarce.take(BufferSizes.LARGE)).as("idle before any new one").isSameAs(small);
    }

    /** The JDK needs half a second to fail. */
    @Test
    void doesNotTryAgainForEveryBufferWhereThereIsNoMemory() {
        int[] failures = {0};
        BufferPool scarce = new BufferPool(
                capacity -> {
                    if (capacity > BufferSizes.SMALL) {
                        failures[0]++;
                        throw new OutOfMemoryError();
                    }
                    return ByteBuffer.allocate(capacity);
                },
                1 << 20);
        for (int i = 0; i < 100; i++) {
            assertThat(scarce.take(BufferSizes.LARGE).capacity()).isEqualTo(BufferSizes.SMALL);
        }
        assertThat(failures[0]).isLessThan(50); // one after each pause of the pool, which lasts some seconds
    }

    @Test
    void givesALargerIdleBufferRatherThanNone() {
        boolean[] full = {false};
        BufferPool scarce = new BufferPool(
                capacity -> {
                    if (full[0]) {
                        throw new OutOfMemoryError();
                    }
                    return ByteBuffer.allocate(capacity);
                },
                2 << 20);
        ByteBuffer large = scarce.take(BufferSizes.LARGE);
        scarce.give(large);
        full[0] = true;
        assertThat(scarce.take(1)).isSameAs(large);
        assertThatThrownBy(() -> scarce.take(1)).isInstanceOf(OutOfMemoryError.class);
    }

    /** Only the pool holds them: once they are collected, they are no longer counted. */
    @Test
    void whatIsIdleMayBeCollected() {
        for (int i = 0; i < 2; i++) {
            pool.give(ByteBuffer.allocate(BufferSizes.LARGE));
        }
        assertThat(pool.idleBytes()).isEqualTo(2 << 20);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        ByteBuffer mine = ByteBuffer.allocate(BufferSizes.SMALL);
        do {
            System.gc();
            pool.give(mine); // the pool is full, unless something was collected
        } while (pool.idleBytes() != BufferSizes.SMALL && System.nanoTime() - deadline < 0);

        assertThat(pool.idleBytes()).isEqualTo(BufferSizes.SMALL);
        assertThat(pool.take(1)).isSameAs(mine);
    }
}
