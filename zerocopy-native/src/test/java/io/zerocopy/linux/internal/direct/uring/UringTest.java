package io.zerocopy.linux.internal.direct.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a ring is available, and the reason if it is not. */
class UringTest {
    private final ScriptedRing kernel = new ScriptedRing();
    private final Uring uring = new Uring(kernel.sys);

    private void assertNothingIsHeld() {
        assertThat(kernel.open).isFalse();
        assertThat(kernel.mapped).isEmpty();
    }

    @Test
    void aRingThatWorksIsAvailableAndClosed() {
        assertThat(uring.unavailableBecause()).isNull();
        assertThat(kernel.taken).hasSize(1);
        assertNothingIsHeld();
    }

    @ParameterizedTest
    @CsvSource({"1, EPERM", "38, ENOSYS", "13, EACCES"})
    void aRefusalThatStaysIsAskedForOnce(int errno, String name) {
        kernel.refuse("io_uring_setup", -errno);
        assertThat(uring.unavailableBecause()).startsWith("io_uring_setup: " + name);
        assertThat(uring.unavailableBecause()).startsWith("io_uring_setup: " + name);
        assertNothingIsHeld();
    }

    @ParameterizedTest
    @CsvSource({"12, RLIMIT_MEMLOCK", "24, EMFILE", "23, ENFILE"})
    void aRefusalThatPassesIsAskedForAgain(int errno, String reason) {
        kernel.refuse("io_uring_setup", -errno);
        assertThat(uring.unavailableBecause()).contains(reason);
        assertThat(uring.unavailableBecause()).isNull();
        assertNothingIsHeld();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                C.IORING_OP_READ,
                C.IORING_OP_WRITE,
                C.IORING_OP_READ_FIXED,
                C.IORING_OP_WRITE_FIXED,
                C.IORING_OP_ASYNC_CANCEL
            })
    void anOperationThatIsMissingIsNamed(int operation) {
        kernel.missing = operation;
        assertThat(uring.unavailableBecause()).endsWith("no operation " + operation);
        assertNothingIsHeld();
    }

    @ParameterizedTest
    @CsvSource({"mmap, 1", "io_uring_register, 22", "io_uring_enter, 1"})
    void whatFailsOnTheWayLeavesNothing(String call, int errno) {
        kernel.refuse(call, -errno);
        assertThat(uring.unavailableBecause()).contains(Errno.text(errno));
        assertNothingIsHeld();
    }

    @Test
    void theSecondMappingThatFailsTakesTheFirstAlong() {
        kernel.features = 0;
        assertThat(uring.unavailableBecause()).contains("queues apart");
        assertNothingIsHeld();
    }
}
