package io.zerocopy.linux.internal.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** If a FIFO cannot be opened, the exception is the JDK's, and no descriptor is left. */
class FifoTest {
    private static final Path NAME = Path.of("/somewhere/fifo");

    private final ScriptedSyscalls script = new ScriptedSyscalls();

    private Fifo open(StandardOpenOption way) throws IOException {
        PinnedPath pinned = new PinnedPath(script.sys(), 5, NAME, new FileStatus(C.S_IFIFO, 0, 1, 0, 0, 0, 0));
        return Fifo.open(script.sys(), pinned, Set.of(way), () -> {});
    }

    @Test
    void refusalsHaveTheTypesOfTheJdk() {
        script.answer("open", -Errno.EACCES, -Errno.ENOENT, -Errno.ENXIO, -Errno.ELOOP);
        assertThatThrownBy(() -> open(StandardOpenOption.READ))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessage(NAME.toString());
        assertThatThrownBy(() -> open(StandardOpenOption.WRITE))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(NAME.toString());
        assertThatThrownBy(() -> open(StandardOpenOption.WRITE))
                .as("after a look at which it had no reader")
                .isExactlyInstanceOf(FileSystemException.class)
                .hasMessage(NAME + ": open: ELOOP (Too many levels of symbolic links)");
        assertThat(script.isPlayed()).isTrue();
    }

    /** The wait for a writer may fail with any exception of the caller's wait or of the kernel. */
    @ParameterizedTest
    @CsvSource({"12, ENOMEM", "22, EINVAL"})
    void aFailedWaitLeavesNoDescriptor(int errno, String name) {
        script.answer("open", 77).answer("poll", -errno).answer("close", 0);
        assertThatThrownBy(() -> open(StandardOpenOption.READ)).hasMessageStartingWith("poll: " + name);
        assertThat(script.calls("close")).extracting(call -> call.number(0)).containsExactly(77L);
    }
}
