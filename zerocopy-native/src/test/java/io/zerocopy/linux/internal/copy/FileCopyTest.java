package io.zerocopy.linux.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import io.zerocopy.Mechanism;
import io.zerocopy.TransferFailure.Side;
import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.EndpointException;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** sendfile, copy_file_range and shared extents, against scripts that answer instead of the kernel. */
class FileCopyTest {
    private final ScriptedSyscalls script = new ScriptedSyscalls();
    private final Kernel kernel = new Kernel(script.sys());
    private final ChannelFixture ends = new ChannelFixture();
    private FileChannel source;
    private FileChannel target;

    @BeforeEach
    void open() throws IOException {
        source = ends.file(1000);
        target = ends.file(0);
    }

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    private Mover toFile(Mechanism mechanism) throws IOException {
        Mover mover = ends.mover(kernel, mechanism, source, target);
        script.forget();
        return mover;
    }

    private Mover toSocket() throws IOException {
        Mover mover = ends.mover(kernel, Mechanism.SENDFILE, source, ends.tcp()[0]);
        script.forget();
        return mover;
    }

    @Test
    void sendfileIsOneCallAndUsesNoPositionOfTheSource() throws IOException {
        script.answer("sendfile", arguments -> {
            assertThat(new Pointer((long) arguments[2]).getLong(0)).isEqualTo(300);
            return 77;
        });
        Mover mover = toSocket();
        assertThat(mover.step(300, Target.NO_POSITION, 1L << 40)).isEqualTo(77);
        assertThat(script.names()).containsExactly("fcntl", "sendfile"); // it has no flag against waiting
        assertThat(script.calls("sendfile").get(0).number(3)).isEqualTo(C.MAX_RW_COUNT);
        assertThat(source.position()).isZero();
    }

    /** Before Linux 6.5 a socket keeps the last bytes for a while if sendfile(2) is asked for more than the file has. */
    @Test
    void sendfileAsksForNoMoreThanTheFileHasWhereTheSocketWouldWaitForMore() throws IOException {
        script.answer("cachestat", -Errno.ENOSYS);
        Kernel old = new Kernel(script.sys());
        script.answer("sendfile", 700, -Errno.EAGAIN);
        Mover mover = ends.mover(old, Mechanism.SENDFILE, source, ends.tcp()[0]);
        assertThat(mover.servesOwnPosition()).isFalse();
        assertThat(mover.step(300, Target.NO_POSITION, 5000)).isEqualTo(700);
        assertThat(mover.step(1000, Target.NO_POSITION, 5000)).isEqualTo(Step.AWAIT_TARGET); // it has grown
        assertThat(script.calls("sendfile").stream().map(call -> call.number(3)))
                .endsWith(700L, 5000L);
    }

    @Test
    void sendfileTakesTheFilesOwnPositionWhereTheSocketDoesNotWaitForMore() throws IOException {
        script.answer("cachestat", -Errno.EBADF);
        Mover mover = ends.mover(new Kernel(script.sys()), Mechanism.SENDFILE, source, ends.tcp()[0]);
        assertThat(mover.servesOwnPosition()).isTrue();
    }

    @Test
    void sendfileTellsAFullSocketFromTheEndOfTheFile() throws IOException {
        script.answer("sendfile", -Errno.EAGAIN, 0);
        Mover mover = toSocket();
        assertThat(mover.step(0, Target.NO_POSITION, 10)).isEqualTo(Step.AWAIT_TARGET);
        assertThat(mover.step(1000, Target.NO_POSITION, 10)).isEqualTo(Step.END);
    }

    /** A file on FUSE whose server has read short: the kernel takes that for the end until it asks the server again. */
    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"SENDFILE", "SPLICE", "COPY_FILE_RANGE"})
    void onlyAReadSaysThatAFileHasEnded(Mechanism mechanism) throws IOException {
        Mover mover = toFile(mechanism);
        assertThat(mover.step(0, 0, 100)).isEqualTo(100);
        script.answer(
                mechanism == Mechanism.SPLICE ? "splice" : mechanism.name().toLowerCase(Locale.ROOT), 0);
        assertThat(mover.step(100, 100, 700)).isEqualTo(700);
        assertThat(mover.movedBy()).isEqualTo(Mechanism.READ_WRITE);
        assertThat(mover.step(800, 800, 900)).isEqualTo(200);
        assertThat(mover.movedBy()).isNull();
        assertThat(mover.step(1000, 1000, 700)).isEqualTo(Step.END);
        assertThat(target.size()).isEqualTo(1000);
    }

    @ParameterizedTest
    @CsvSource({"32, EPIPE (Broken pipe)", "104, ECONNRESET (Connection reset by peer)", "5, EIO (Input/output error)"})
    void sendfileFailsForWhatHasReallyFailed(int errno, String text) throws IOException {
        script.answer("sendfile", 10, -errno);
        Mover mover = toSocket();
        assertThat(mover.step(0, Target.NO_POSITION, 100)).isEqualTo(10);
        assertThatThrownBy(() -> mover.step(10, Target.NO_POSITION, 90))
                .isInstanceOf(IOException.class)
                .hasMessage("sendfile: " + text);
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EINVAL, Errno.EPERM, Errno.ENOSYS, Errno.EOPNOTSUPP})
    void sendfileDeclinesAtAnyStep(int errno) throws IOException {
        script.answer("sendfile", 10, -errno);
        Mover mover = toSocket();
        assertThat(mover.step(0, Target.NO_POSITION, 100)).isEqualTo(10);
        assertThat(mover.step(10, Target.NO_POSITION, 90)).isEqualTo(Step.DECLINED);
        assertThat(mover.declinedBecause()).isEqualTo("sendfile: " + Errno.text(errno));
        assertThat(mover.residue().hasRemaining()).isFalse();
    }

    /** The call uses only the target's own position. */
    @Test
    void sendfileToAFileBorrowsItsPositionAndPutsItBack() throws IOException {
        target.position(5);
        Mover mover = toFile(Mechanism.SENDFILE);
        assertThat(mover.step(10, 200, 300)).isEqualTo(300);
        assertThat(target.position()).isEqualTo(5);
        assertThat(target.size()).isEqualTo(500);
        script.answer("sendfile", -Errno.ENOSPC);
        assertThatThrownBy(() -> mover.step(0, 400, 10)).hasMessageContaining("ENOSPC");
        assertThat(target.position()).isEqualTo(5);
    }

    @Test
    void copyFileRangeNamesBothPositionsAndMovesNeither() throws IOException {
        Mover mover = toFile(Mechanism.COPY_FILE_RANGE);
        script.answer("copy_file_range", arguments -> {
            assertThat(new Pointer((long) arguments[1]).getLong(0)).isEqualTo(10);
            assertThat(new Pointer((long) arguments[3]).getLong(0)).isEqualTo(20);
            return 30;
        });
        assertThat(mover.step(10, 20, 1L << 40)).isEqualTo(30);
        assertThat(script.calls("copy_file_range").get(0).number(4)).isEqualTo(1L << 30);
        assertThat(script.names()).containsExactly("copy_file_range");
        assertThat(source.position() + target.position()).isZero();
    }

    @Test
    void copyFileRangeThatMovesNothingAtFirstDeclinesAndLaterHasEnded() throws IOException {
        script.answer("copy_file_range", 0);
        Mover first = toFile(Mechanism.COPY_FILE_RANGE);
        assertThat(first.step(0, 0, 100)).isEqualTo(Step.DECLINED);
        assertThat(first.declinedBecause()).startsWith("copy_file_range: 0 bytes");
        script.answer("copy_file_range", 10, 0);
        Mover later = toFile(Mechanism.COPY_FILE_RANGE);
        assertThat(later.step(0, 0, 100)).isEqualTo(10);
        assertThat(later.step(1000, 10, 90)).isEqualTo(Step.END);
    }

    @Test
    void copyFileRangeFailsOnlyAfterItsFirstByte() throws IOException {
        script.answer("copy_file_range", -Errno.EIO);
        assertThat(toFile(Mechanism.COPY_FILE_RANGE).step(0, 0, 100)).isEqualTo(Step.DECLINED);
        script.answer("copy_file_range", 10, -Errno.ESTALE);
        Mover mover = toFile(Mechanism.COPY_FILE_RANGE);
        mover.step(0, 0, 100);
        assertThatThrownBy(() -> mover.step(10, 10, 90)).hasMessageStartingWith("copy_file_range: ESTALE");
        script.answer("copy_file_range", -Errno.EXDEV);
        Mover across = toFile(Mechanism.COPY_FILE_RANGE);
        assertThat(across.step(0, 0, 100)).isEqualTo(Step.DECLINED);
        assertThat(across.declinedBecause()).isEqualTo("copy_file_range: EXDEV (Invalid cross-device link)");
    }

    /** It may be of either end, and of any byte of the range: a read and a write of the next ones show it. */
    @ParameterizedTest
    @CsvSource({"pread, SOURCE", "pwrite, TARGET", ","})
    void copyFileRangeThatMeetsABrokenDiskShowsWhichEndItIs(String call, Side side) throws IOException {
        script.answer("copy_file_range", 10, -Errno.EIO);
        Mover mover = toFile(Mechanism.COPY_FILE_RANGE);
        assertThat(mover.step(0, 0, 100)).isEqualTo(10);
        if (call == null) {
            assertThat(mover.step(10, 10, 90)).isEqualTo(90);
            assertThat(mover.movedBy()).isEqualTo(Mechanism.READ_WRITE);
            return;
        }
        script.answer(call, -Errno.EIO);
        assertThatExceptionOfType(EndpointException.class)
                .isThrownBy(() -> mover.step(10, 10, 90))
                .withMessageContaining("EIO")
                .satisfies(failure -> assertThat(failure.side()).isEqualTo(side));
    }

    @Test
    void reflinkSharesARangeInOneStepOrDeclines() throws IOException {
        script.answer("ioctl", arguments -> {
            Pointer range = new Pointer((long) arguments[2]);
            assertThat(List.of(range.getLong(8), range.getLong(16), range.getLong(24)))
                    .containsExactly(4096L, 8192L, 0L);
            return 0;
        });
        Mover mover = toFile(Mechanism.REFLINK);
        assertThat(mover.step(4096, 0, 8192)).isEqualTo(8192);
        script.answer("ioctl", -Errno.EOPNOTSUPP, -Errno.ENOSPC);
        assertThat(mover.step(4096, 0, 8192)).isEqualTo(Step.DECLINED);
        assertThat(mover.declinedBecause()).isEqualTo("ioctl(FICLONERANGE): EOPNOTSUPP (Operation not supported)");
        assertThatThrownBy(() -> mover.step(4096, 0, 8192)).hasMessageContaining("ENOSPC");
    }

    @Test
    void aCallThatDoesNotExistIsKnownFromTheStart() {
        script.answer("splice", -Errno.ENOSYS).answer("sendfile", -Errno.EPERM);
        Kernel poor = new Kernel(script.sys());
        assertThat(ChannelFixture.strategy(poor, Mechanism.SPLICE).unavailableBecause())
                .isEqualTo("splice: ENOSYS (Function not implemented)");
        assertThat(ChannelFixture.strategy(poor, Mechanism.SENDFILE).unavailableBecause())
                .isEqualTo("sendfile: EPERM (Operation not permitted)");
        assertThat(ChannelFixture.strategy(poor, Mechanism.COPY_FILE_RANGE).unavailableBecause())
                .isNull();
    }

    @Test
    void aMoverClosesTwiceAndTouchesNeitherEnd() throws IOException {
        for (Mechanism mechanism :
                List.of(Mechanism.SENDFILE, Mechanism.COPY_FILE_RANGE, Mechanism.REFLINK, Mechanism.SPLICE)) {
            Mover mover = toFile(mechanism);
            mover.close();
            mover.close();
        }
        assertThat(source.isOpen() && target.isOpen()).isTrue();
    }
}
