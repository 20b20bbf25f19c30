package io.zerocopy.linux.internal.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.spi.OpenedFile;
import io.zerocopy.spi.Provider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The file behind a name changes its type right before or after it is inspected: no call waits in open(2). */
@Timeout(value = 5, unit = java.util.concurrent.TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PinnedPathTest {
    private static final class Missing extends IOException {
        private static final long serialVersionUID = 1;
    }

    private static final Provider.Patience NONE = () -> {
        throw new Missing();
    };

    @TempDir
    Path folder;

    private final ScriptedSyscalls script = new ScriptedSyscalls();
    private final Kernel kernel = new Kernel(script.sys());
    private Path name;
    private Path file;
    private Path fifo;

    @BeforeEach
    void make() throws Exception {
        name = folder.resolve("name");
        file = Files.writeString(folder.resolve("file"), "content");
        fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
    }

    private void take(Path what) throws IOException {
        Files.move(what, name, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The file at the time of the look, and the one that replaces it right after. */
    private void swapAfterTheCheck(Path first, Path second) throws IOException {
        take(first);
        script.answer("openat", arguments -> {
            long fd = script.pass("openat", arguments);
            take(second);
            return fd;
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = StandardOpenOption.class,
            names = {"READ", "WRITE"})
    void whatIsOpenedIsWhatWasLookedAt(StandardOpenOption way) throws Exception {
        swapAfterTheCheck(file, fifo);
        try (Channel opened = kernel.open(name, Set.of(way), NONE)) {
            assertThat(OpenedFile.of(opened).size()).isEqualTo(7);
        }
        assertThat(script.isPlayed()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = StandardOpenOption.class,
            names = {"READ", "WRITE"})
    void theWaitForAFifoEndsIfItIsReplaced(StandardOpenOption way) throws Exception {
        swapAfterTheCheck(fifo, file);
        assertThatThrownBy(() -> kernel.open(name, Set.of(way), NONE)).isInstanceOf(Missing.class);
        assertThat(script.isPlayed()).isTrue();
        assertThat(name).hasContent("content");
    }

    @Test
    void aFifoThatAppearsWhileAFileIsMadeIsNotWaitedForInTheKernel() throws Exception {
        script.answer("openat", arguments -> {
            long fd = script.pass("openat", arguments);
            take(fifo);
            return fd;
        });
        Set<OpenOption> options = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        assertThatThrownBy(() -> kernel.open(name, options, NONE)).isInstanceOf(Missing.class);
        assertThat(script.isPlayed()).isTrue();
    }

    @Test
    void aFileIsMadeWhereALinkLeadsToNothingYet() throws Exception {
        Files.createSymbolicLink(name, folder.resolve("new"));
        Set<OpenOption> options = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        try (FileChannel opened = (FileChannel) kernel.open(name, options, NONE)) {
            opened.write(ByteBuffer.wrap("content".getBytes()));
        }
        assertThat(folder.resolve("new")).hasContent("content");
    }

    @Test
    void refusalsAreThoseOfTheJdk() throws Exception {
        Set<OpenOption> read = Set.of(StandardOpenOption.READ);
        assertThatThrownBy(() -> kernel.open(name, read, NONE))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(name.toString());
        assertThatThrownBy(() -> kernel.open(folder, read, NONE))
                .isExactlyInstanceOf(FileSystemException.class)
                .hasMessage(folder + ": Is a directory");
        Files.createSymbolicLink(name, file);
        Set<OpenOption> notFollowing = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        assertThatThrownBy(() -> kernel.open(name, notFollowing, NONE))
                .isExactlyInstanceOf(FileSystemException.class)
                .hasMessage(name + ": Too many levels of symbolic links (NOFOLLOW_LINKS specified)");
        try (Channel followed = kernel.open(name, read, NONE);
                Channel itself = kernel.open(file, notFollowing, NONE)) {
            assertThat(followed.isOpen() && itself.isOpen()).isTrue();
        }
    }
}
