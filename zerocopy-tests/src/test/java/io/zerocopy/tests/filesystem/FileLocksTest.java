package io.zerocopy.tests.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A lock that the caller holds on the file of a channel is still held after a transfer by any mechanism. The kernel
 * drops record locks when the process closes any descriptor of the file.
 */
class FileLocksTest {
    private static final int SIZE = (2 << 20) + 123;
    private static final int LOCK_EX = 2;
    private static final int F_OFD_SETLK = 37;
    private static final short F_WRLCK = 1;

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    /** Finds the option by its name, because newer compilers warn that it is internal, and warnings are errors here. */
    private static OpenOption direct() throws ReflectiveOperationException {
        return (OpenOption) Class.forName("com.sun.nio.file.ExtendedOpenOption")
                .getField("DIRECT")
                .get(null);
    }

    private FileChannel opened(Path path, OpenOption... more) throws IOException {
        List<OpenOption> options = new ArrayList<>(List.of(more));
        options.addAll(List.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
        return fixture.keep(FileChannel.open(path, options.toArray(OpenOption[]::new)));
    }

    /** Returns whether another process sees the lock. */
    private static boolean isLocked(Path path) throws IOException {
        return isLocked(path, "POSIX");
    }

    private static boolean isLocked(Path path, String kind) throws IOException {
        String inode = ":" + Files.getAttribute(path, "unix:ino") + " ";
        return Files.readString(Path.of("/proc/locks"))
                .lines()
                .anyMatch(line -> line.contains(" " + kind + " ") && line.contains(inode));
    }

    private static byte[] content(Path path) throws IOException {
        try (FileInputStream in = new FileInputStream(path.toFile())) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"MSG_ZEROCOPY", "GATHER_WRITE", "REFLINK"},
            mode = EnumSource.Mode.EXCLUDE)
    void aLockOnTheSourceIsKept(Mechanism mechanism) throws Exception {
        Path path = fixture.file(SIZE);
        Path target = fixture.path("t");
        FileChannel source = opened(path);
        try (FileLock lock = source.lock()) {
            assertThat(isLocked(path)).isTrue();
            TransferResult result = Transfers.from(source)
                    .to(target)
                    .use(mechanism, Preference.AUTO)
                    .build()
                    .run();
            assertThat(result.bytes()).isEqualTo(SIZE);
            assertThat(isLocked(path) && lock.isValid()).isTrue();
            assertThat(content(target)).isEqualTo(Content.PATTERN.bytes(0, SIZE));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"MSG_ZEROCOPY", "GATHER_WRITE", "REFLINK"},
            mode = EnumSource.Mode.EXCLUDE)
    void aLockOnTheTargetIsKept(Mechanism mechanism) throws Exception {
        Path path = fixture.path("t");
        FileChannel target = opened(path);
        try (FileLock lock = target.lock()) {
            Transfers.from(fixture.file(SIZE))
                    .to(target)
                    .durable()
                    .dropBehind()
                    .use(mechanism, Preference.AUTO)
                    .build()
                    .run();
            assertThat(isLocked(path) && lock.isValid()).isTrue();
            assertThat(content(path)).isEqualTo(Content.PATTERN.bytes(0, SIZE));
        }
    }

    /** IO_URING needs both ends to be opened this way, DIRECT_IO one of them. */
    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"DIRECT_IO", "IO_URING"})
    void mechanismsThatNeedASecondDescriptorDeclineForThatReason(Mechanism mechanism) throws Exception {
        Path path = fixture.file(SIZE);
        FileChannel source = opened(path);
        boolean toFile = mechanism == Mechanism.IO_URING;
        Path target = fixture.path("t");
        Transfer.Builder builder = toFile
                ? Transfers.from(source).to(target)
                : Transfers.from(source).to(fixture.tcp()[0]);
        Transfer transfer = builder.use(mechanism, Preference.REQUIRE).build();
        try (FileLock lock = source.lock()) {
            assertThatThrownBy(transfer::run)
                    .isInstanceOf(MechanismUnavailableException.class)
                    .hasMessageContaining("record lock");
            assertThat(isLocked(path) && lock.isValid()).isTrue();
            assertThat(target).doesNotExist();
        }
        if (toFile && Transfers.capabilities().isAvailable(mechanism)) {
            assertThat(transfer.run().mechanism()).as("without the lock").isEqualTo(mechanism);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4096})
    void aSourceThatIsOpenPastThePageCacheIsReadByItself(int from) throws Exception {
        Path path = fixture.file(SIZE);
        Path target = fixture.path("t");
        FileChannel source = opened(path, direct());
        try (FileLock lock = source.lock()) {
            source.position(from);
            assertThat(Transfers.from(source).to(target).build().run().bytes()).isEqualTo(SIZE - from);
            assertThat(isLocked(path) && lock.isValid()).isTrue();
        }
        assertThat(content(target)).isEqualTo(Content.PATTERN.bytes(from, SIZE - from));
    }

    @Test
    void aTargetThatTakesWholeBlocksOnlyIsRefused() throws Exception {
        Path path = fixture.path("t");
        FileChannel target = opened(path, direct());
        try (FileLock lock = target.lock()) {
            assertThatThrownBy(() -> Transfers.from(fixture.file(SIZE))
                            .to(target)
                            .build()
                            .run())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("record lock");
            assertThat(isLocked(path) && lock.isValid()).isTrue();
            assertThat(Files.size(path)).isZero();
        }
    }

    /** The lock is taken while the second descriptor is open: the descriptor then stays open until the lock is gone. */
    @Test
    void aLockThatIsTakenMeanwhileIsKept() throws Exception {
        Path path = fixture.file(SIZE);
        FileChannel source = opened(path);
        Path target = fixture.path("t");
        TransferSession session = Transfers.from(source)
                .to(target)
                .use(Mechanism.DIRECT_IO, Preference.REQUIRE)
                .fairChunk(1 << 20)
                .build()
                .open();
        try (session) {
            session.advance();
            try (FileLock lock = source.lock()) {
                TestFixture.drive(session);
                assertThat(isLocked(path) && lock.isValid()).isTrue();
            }
        }
        Transfers.from(fixture.file(SIZE)) // the next transfer closes the descriptor; the fixture checks that
                .to(target)
                .use(Mechanism.DIRECT_IO, Preference.REQUIRE)
                .build()
                .run();
    }

    /**
     * A lock of an open file description does not end when another description is closed, so no mechanism declines for
     * it.
     */
    @ParameterizedTest
    @ValueSource(strings = {"FLOCK", "OFDLCK"})
    void locksOfOpenFileDescriptionsAreKeptToo(String kind) throws Exception {
        Path path = fixture.file(SIZE);
        FileChannel source = opened(path);
        lockDescription(kind, descriptor(path));
        assertThat(isLocked(path, kind)).isTrue();
        TransferResult result = Transfers.from(source)
                .to(fixture.path("t"))
                .use(Mechanism.DIRECT_IO, Preference.REQUIRE)
                .build()
                .run();
        assertThat(result.mechanism()).isEqualTo(Mechanism.DIRECT_IO);
        assertThat(isLocked(path, kind)).isTrue();
    }

    private static int descriptor(Path path) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path each : all.toList()) {
                if (Files.isSymbolicLink(each) && Files.readSymbolicLink(each).equals(path.toRealPath())) {
                    return Integer.parseInt(each.getFileName().toString());
                }
            }
        }
        throw new AssertionError("not open: " + path);
    }

    private static void lockDescription(String kind, int fd) {
        int result;
        if (kind.equals("FLOCK")) {
            result = Function.getFunction("c", "flock").invokeInt(new Object[] {fd, LOCK_EX});
        } else {
            Memory whole =
                    new Memory(32); // struct flock: short l_type, short l_whence, off_t l_start, off_t l_len, pid_t
            whole.clear();
            whole.setShort(0, F_WRLCK);
            result = Function.getFunction("c", "fcntl").invokeInt(new Object[] {fd, F_OFD_SETLK, whole});
        }
        assertThat(result).isZero();
    }
}
