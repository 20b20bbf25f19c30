package io.zerocopy.linux.internal.direct.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.linux.internal.direct.uring.ScriptedRing;
import io.zerocopy.linux.internal.direct.uring.UnavailableException;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.memory.Memory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations on a ring; a script plays the kernel's side. */
class UringBlockQueueTest {
    private static final int FILE = 7;
    private static final int BLOCK = 4096;

    private final ScriptedRing kernel = new ScriptedRing();
    private UringBlockQueue queue;

    private void open(int depth) throws IOException {
        queue = UringBlockQueue.open(kernel.sys, depth, BLOCK);
    }

    @AfterEach
    void everythingIsGivenBack() {
        if (queue != null) {
            queue.close();
            queue.close();
        }
        assertThat(kernel.open).isFalse();
        assertThat(kernel.mapped).isEmpty();
        assertThat(kernel.running).isEmpty();
    }

    private void assertNext(int slot, int result) throws IOException {
        assertThat(queue.next()).isEqualTo(slot);
        assertThat(queue.result(slot)).isEqualTo(result);
    }

    private long address(int slot) {
        return Memory.addressOf(queue.part(slot, 0, BLOCK));
    }

    @Test
    void startsTogetherWhatWasBegunTogether() throws IOException {
        open(3);
        queue.read(0, FILE, 0, BLOCK);
        queue.write(2, FILE, BLOCK, 100);
        assertThat(kernel.taken).isEmpty();
        assertNext(0, BLOCK);
        assertThat(kernel.taken)
                .containsExactly(
                        new ScriptedRing.Entry(C.IORING_OP_READ_FIXED, 0, FILE, 0, address(0), BLOCK, 0, 0),
                        new ScriptedRing.Entry(C.IORING_OP_WRITE_FIXED, 0, FILE, BLOCK, address(2), 100, 2, 2));
        assertNext(2, 100);
        assertThat(queue.next()).isEqualTo(-1);
    }

    @Test
    void answersCompletionsInTheOrderInWhichTheyCome() throws IOException {
        open(4);
        kernel.work = () -> {
            kernel.complete(2, 30);
            kernel.complete(0, 10);
            kernel.complete(1, 40);
            kernel.complete(0, 20);
        };
        for (int slot = 0; slot < 4; slot++) {
            queue.read(slot, FILE, slot * BLOCK, BLOCK);
        }
        assertNext(2, 30);
        assertNext(0, 10);
        assertNext(3, 40);
        assertNext(1, 20);
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EIO, Errno.EINVAL, Errno.ENOSPC, Errno.EOPNOTSUPP})
    void leavesErrorsOfTheFileToTheCaller(int errno) throws IOException {
        open(1);
        kernel.work = () -> kernel.complete(0, -errno);
        queue.write(0, FILE, 0, BLOCK);
        assertNext(0, -errno);
        assertThat(kernel.taken).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 512, BLOCK - 1})
    void leavesShortCountsToTheCaller(int count) throws IOException {
        open(1);
        kernel.work = () -> kernel.complete(0, count);
        queue.read(0, FILE, 0, BLOCK);
        assertNext(0, count);
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EINTR, Errno.EAGAIN, Errno.ECANCELED})
    void repeatsDroppedOperationsOnAWorker(int errno) throws IOException {
        open(1);
        kernel.work = () -> kernel.complete(0, kernel.taken.size() < 3 ? -errno : BLOCK);
        queue.read(0, FILE, 77, BLOCK);
        assertNext(0, BLOCK);
        assertThat(kernel.taken).hasSize(3);
        assertThat(kernel.taken.get(1).flags()).isEqualTo(C.IOSQE_ASYNC);
        assertThat(kernel.taken.get(2).offset()).isEqualTo(77);
    }

    @Test
    void doesNotStartAgainForEver() throws IOException {
        open(1);
        kernel.work = () -> kernel.complete(0, -Errno.EAGAIN);
        queue.read(0, FILE, 0, BLOCK);
        assertNext(0, -Errno.EAGAIN);
        assertThat(kernel.taken).hasSizeBetween(2, 100);
    }

    @Test
    void manyRoundsPassTheEndOfTheIndexes() throws IOException {
        open(2);
        for (int i = 0; i < 50; i++) {
            queue.read(i & 1, FILE, i, 1 + i);
            assertNext(i & 1, 1 + i);
        }
    }

    @Test
    void waitsForWhatRunsWhereTheKernelHasNoMemoryForMore() throws IOException {
        open(2);
        queue.read(0, FILE, 0, BLOCK);
        queue.read(1, FILE, 0, BLOCK);
        kernel.refuse("io_uring_enter", -Errno.EAGAIN, -Errno.EAGAIN, -Errno.EBUSY);
        assertNext(0, BLOCK);
        assertNext(1, BLOCK);
    }

    @Test
    void aKernelThatTakesNothingAtAllIsAnErrorAndNoLoop() throws IOException {
        open(1);
        queue.read(0, FILE, 0, BLOCK);
        kernel.refuse(
                "io_uring_enter",
                java.util.Collections.nCopies(2000, -Errno.EAGAIN).stream()
                        .mapToInt(i -> i)
                        .toArray());
        assertNext(0, -Errno.EAGAIN);
        queue.close(); // entries that were never taken are not under way
        assertThat(kernel.taken).isEmpty();
    }

    @Test
    void memoryThatCannotBeLockedIsUsedUnregistered() throws IOException {
        kernel.refuse("io_uring_register", -Errno.ENOMEM);
        open(2);
        assertThat(queue.unregisteredBecause()).isEqualTo("io_uring_register(BUFFERS): " + Errno.text(Errno.ENOMEM));
        queue.read(1, FILE, 5, 6);
        queue.write(0, FILE, 7, 8);
        assertNext(1, 6);
        assertNext(0, 8);
        assertThat(kernel.taken)
                .containsExactly(
                        new ScriptedRing.Entry(C.IORING_OP_READ, 0, FILE, 5, address(1), 6, 0, 1),
                        new ScriptedRing.Entry(C.IORING_OP_WRITE, 0, FILE, 7, address(0), 8, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.ENOSYS, Errno.EPERM, Errno.ENOMEM, Errno.EMFILE})
    void aMissingRingHasAReason(int errno) {
        kernel.refuse("io_uring_setup", -errno);
        assertThatThrownBy(() -> open(8))
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("io_uring_setup: " + Errno.text(errno));
    }

    @Test
    void buffersThatCannotBeMappedLeaveNoRing() {
        kernel.refuse("mmap", -Errno.ENOMEM);
        assertThatThrownBy(() -> open(8)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void closingCancelsWhatRunsAndTakesBackWhatDoesNot() throws IOException {
        open(4);
        for (int slot = 0; slot < 3; slot++) {
            queue.read(slot, FILE, 0, BLOCK);
        }
        assertNext(0, BLOCK);
        queue.read(3, FILE, 0, BLOCK); // not started yet
        queue.close();
        assertThat(kernel.taken.stream().filter(e -> e.operation() == C.IORING_OP_ASYNC_CANCEL))
                .hasSize(2);
        assertThat(kernel.taken.stream().filter(e -> e.operation() == C.IORING_OP_READ_FIXED))
                .hasSize(3);
        assertThatThrownBy(() -> queue.part(0, 0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue.read(0, FILE, 0, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingWaitsForWhatCannotBeCancelledBeforeItFreesAnything() throws IOException {
        open(4);
        kernel.cancels = false;
        List<Integer> mappedWhenDone = new ArrayList<>();
        for (int slot = 0; slot < 4; slot++) {
            queue.write(slot, FILE, 0, BLOCK);
        }
        assertNext(0, BLOCK);
        kernel.work = () -> {
            mappedWhenDone.add(kernel.mapped.size());
            kernel.complete(0, BLOCK);
        };
        queue.close();
        assertThat(mappedWhenDone).containsExactly(3, 3, 3);
    }

    @Test
    void closingAfterARefusedCancellationStillWaits() throws IOException {
        open(2);
        queue.read(0, FILE, 0, BLOCK);
        queue.read(1, FILE, 0, BLOCK);
        assertNext(0, BLOCK);
        kernel.refuse("io_uring_enter", -Errno.EAGAIN);
        queue.close();
        assertThat(kernel.running).isEmpty();
    }

    @Test
    void memoryStaysWhereTheKernelWillNotEvenWait() throws IOException {
        open(2);
        queue.read(0, FILE, 0, BLOCK);
        queue.read(1, FILE, 0, BLOCK);
        assertNext(0, BLOCK);
        kernel.refuse("io_uring_enter", -Errno.EBADF, -Errno.EBADF, -Errno.EBADF);
        queue.read(0, FILE, 0, BLOCK);
        assertNext(0, -Errno.EBADF);
        assertNext(1, -Errno.EBADF);
        queue.write(1, FILE, 0, BLOCK);
        assertNext(1, -Errno.EBADF);
        assertThat(queue.next()).isEqualTo(-1);
        queue.close();
        assertThat(kernel.mapped).hasSize(1); // the buffers, to which the kernel may still write
        assertThat(kernel.open).isFalse();
        kernel.mapped.clear();
        kernel.running.clear();
    }

    @Test
    void aBusySlotIsNotUsedTwice() throws IOException {
        open(1);
        queue.read(0, FILE, 0, BLOCK);
        assertThatThrownBy(() -> queue.read(0, FILE, 0, BLOCK)).isInstanceOf(IllegalStateException.class);
        assertNext(0, BLOCK);
        assertThatThrownBy(() -> queue.read(0, FILE, 0, BLOCK + 1)).isInstanceOf(IllegalStateException.class);
    }
}
