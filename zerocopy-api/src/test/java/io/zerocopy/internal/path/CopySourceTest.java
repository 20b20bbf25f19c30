package io.zerocopy.internal.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.internal.plan.Providers;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Others may write to the folder, and there is no provider that knows descriptors. Another file has the name of the
 * source just while the source is opened. Data and attributes must be of one file.
 */
class CopySourceTest {
    private static final CopyOptions NONE = CopyOptions.of(new CopyOption[0], true);

    @TempDir
    Path folder;

    private Path name;
    private Path other;

    @BeforeEach
    void make() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fdinfo")), "there is no /proc");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        name = Files.writeString(folder.resolve("name"), "his own");
        other = Files.writeString(folder.resolve("other"), "somebody else's");
        Files.setPosixFilePermissions(name, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-------"));
    }

    /** Opens the source while the other file has its name, and then gives the name back. */
    private final class Swapping implements Provider {
        @Override
        public Channel open(Path path, Set<? extends OpenOption> options, Patience patience) throws IOException {
            Path aside = Files.move(name, folder.resolve("aside"));
            Files.move(other, name);
            Channel opened = Files.newByteChannel(path, options);
            Files.move(name, other);
            Files.move(aside, name, StandardCopyOption.ATOMIC_MOVE);
            return opened;
        }

        @Override
        public String name() {
            return "swapping";
        }

        @Override
        public int rank() {
            return 0;
        }

        @Override
        public List<Strategy> strategies() {
            return List.of();
        }

        @Override
        public EndpointFacts describe(Path path, boolean target) {
            return null;
        }

        @Override
        public Source source(Closeable source) {
            return null;
        }

        @Override
        public Target target(Closeable target) {
            return null;
        }
    }

    private CopySource open() throws IOException {
        BasicFileAttributes seen = Files.readAttributes(name, BasicFileAttributes.class);
        return CopySource.open(new Providers(List.of(new Swapping())), name, seen, NONE, folder.resolve("target"));
    }

    private static String read(CopySource source) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(100);
        ((ReadableByteChannel) source.channel()).read(all);
        return new String(all.array(), 0, all.position());
    }

    @Test
    void dataAndAttributesAreOfOneFile() throws IOException {
        try (CopySource source = open()) {
            assertThat(read(source)).isEqualTo("somebody else's");
            assertThat(source.mode()).isEqualTo(0600);
            assertThat(source.named().isSure()).isTrue();
            assertThat(source.named().posix().fileKey())
                    .isEqualTo(Files.readAttributes(other, BasicFileAttributes.class)
                            .fileKey());
        }
    }

    @Test
    void aDirectoryInItsPlaceIsRefused() throws IOException {
        Files.delete(other);
        Files.createDirectory(other);
        assertThatThrownBy(this::open).isInstanceOf(FileSystemException.class).hasMessageContaining("took its place");
    }

    /** Bytes of a pipe cannot be compared by position. So only the copier gets rights to the copy. */
    @Test
    void whatCannotBeMadeSureIsForTheCopierAlone() throws Exception {
        Files.delete(name);
        Files.delete(other);
        for (Path fifo : new Path[] {name, other}) {
            assertThat(new ProcessBuilder("mkfifo", "-m", "644", fifo.toString())
                            .start()
                            .waitFor())
                    .isZero();
        }
        try (Channel both = Files.newByteChannel(
                        other, Set.of(java.nio.file.StandardOpenOption.READ, java.nio.file.StandardOpenOption.WRITE));
                CopySource source = open()) {
            assertThat(both.isOpen()).isTrue();
            assertThat(source.mode()).isEqualTo(0600);
            assertThat(source.named().isSure()).isFalse();
        }
    }
}
