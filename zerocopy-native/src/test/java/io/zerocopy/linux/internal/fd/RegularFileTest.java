package io.zerocopy.linux.internal.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.OpenedFile;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A path that is only read is opened by one call, and looked at by one more; what that shows decides how it is used. */
class RegularFileTest {
    private static final Set<StandardOpenOption> READ = Set.of(StandardOpenOption.READ);
    private static final Provider.Patience NONE = () -> {
        throw new IOException("nobody comes");
    };
    private static final long FUSE = 0x65735546L;

    @TempDir
    Path folder;

    private final ScriptedSyscalls script = new ScriptedSyscalls();
    private final Kernel kernel = new Kernel(script.sys());
    private Path file;

    @BeforeEach
    void make() throws IOException {
        file = Files.writeString(folder.resolve("file"), "content");
        script.forget();
    }

    private static boolean isOpen(long fd) {
        return Files.exists(Path.of("/proc/self/fd/" + fd));
    }

    @Test
    void isOpenedAndLookedAtOnce() throws IOException {
        try (Channel opened = kernel.open(file, READ, NONE)) {
            Source source = kernel.source(opened);
            ByteBuffer bytes = ByteBuffer.allocateDirect(10);
            assertThat(source.openedSize()).isEqualTo(7);
            assertThat(source.read(bytes, 2)).isEqualTo(5);
            assertThat(script.names()).contains("openat", "statx", "pread").doesNotContain("fcntl");
            assertThat(script.calls("statx")).hasSize(1);
        }
        assertThat(script.calls("close")).hasSize(1);
    }

    @Test
    void aServerIsNotToldNotToWait() throws IOException {
        script.answer("fstatfs", arguments -> {
            new Pointer((long) arguments[1]).setLong(0, FUSE);
            return 0;
        });
        try (Channel opened = kernel.open(file, READ, NONE)) {
            assertThat(opened).isInstanceOf(RegularFile.class);
            int flags = script.sys().fcntl(((RegularFile) opened).fd(), C.F_GETFL, 0);
            assertThat(flags & C.O_NONBLOCK).isZero();
        }
    }

    /** The kernel answers EAGAIN while somebody has a lease on the file, instead of the wait for its end. */
    @Test
    void aLeaseOfSomebodyElseIsWaitedFor() throws IOException {
        script.answer("openat", -Errno.EAGAIN);
        try (Channel opened = kernel.open(file, READ, NONE)) {
            assertThat(opened).isInstanceOf(FileChannel.class);
        }
    }

    @Test
    void theJdkHasAChannelToItWhenItIsAskedFor() throws IOException {
        Channel opened = kernel.open(file, READ, NONE);
        FileChannel jdk = OpenedFile.of(opened);
        Files.delete(file);
        ByteBuffer bytes = ByteBuffer.allocate(7);
        jdk.read(bytes);
        assertThat(new String(bytes.array())).isEqualTo("content");
        assertThat(OpenedFile.of(opened)).isSameAs(jdk);
        opened.close();
        assertThat(jdk.isOpen()).isFalse();
        assertThatThrownBy(() -> OpenedFile.of(opened)).isInstanceOf(ClosedChannelException.class);
    }

    /** Only through /proc can the JDK open what is open already. */
    @Test
    void theJdkOpensItWhereProcIsNotMounted() throws IOException {
        script.answer("statx", -Errno.ENOENT, -Errno.ENOENT);
        Kernel without = new Kernel(script.sys());
        try (Channel opened = without.open(file, READ, NONE)) {
            assertThat(script.isPlayed()).isTrue();
            assertThat(opened).isInstanceOf(FileChannel.class);
        }
        try (Channel opened = without.open(file, READ, NONE)) {
            assertThat(opened).as("mounted by now").isInstanceOf(RegularFile.class);
        }
    }

    @Test
    void aChannelOfTheJdkReplacesIt() throws IOException {
        Channel opened = kernel.open(file, READ, NONE);
        try (FileChannel jdk = ((OpenedFile) opened).replaceByJdkChannel()) {
            assertThat(opened.isOpen()).isFalse();
            assertThat(script.calls("close")).hasSize(1);
            assertThat(jdk.size()).isEqualTo(7);
            assertThatThrownBy(((OpenedFile) opened)::replaceByJdkChannel).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void aDeviceBehindALinkIsTheJdks() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/dev/zero"));
        try (Channel opened = kernel.open(link, READ, NONE)) {
            assertThat(opened).isInstanceOf(FileChannel.class);
            assertThat(script.calls("close")).hasSize(1); // what was opened for the look
        }
    }

    /** It is used as it was opened: a writer that has waited for it meets nobody who goes away again. */
    @Test
    void aFifoIsNotOpenedTwice() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        RandomAccessFile[] writer = {null};
        Provider.Patience patience = () -> {
            if (writer[0] == null) {
                writer[0] = new RandomAccessFile(fifo.toFile(), "rw");
                writer[0].write(1);
            }
        };
        try (Channel opened = kernel.open(fifo, READ, patience)) {
            Source source = kernel.source(opened);
            source.acquire();
            assertThat(source.read(ByteBuffer.allocateDirect(10), 0)).isEqualTo(1);
            source.release();
            assertThat(script.calls("openat")).hasSize(1);
            assertThat(script.calls("open")).isEmpty();
        } finally {
            writer[0].close();
        }
    }

    @Test
    void aDirectoryLeavesNoDescriptor() {
        assertThatThrownBy(() -> kernel.open(folder, READ, NONE))
                .isExactlyInstanceOf(FileSystemException.class)
                .hasMessage(folder + ": Is a directory");
        assertThat(script.calls("close")).hasSize(1);
        assertThat(isOpen(script.calls("close").get(0).number(0))).isFalse();
    }
}
