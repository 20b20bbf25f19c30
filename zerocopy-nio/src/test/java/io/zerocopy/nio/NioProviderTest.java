package io.zerocopy.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.Mechanism;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Strategy;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NioProviderTest {
    private final NioProvider provider = new NioProvider();

    @TempDir
    Path folder;

    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(Provider.class)).hasAtLeastOneElementOfType(NioProvider.class);
    }

    @Test
    void offersFiveMechanismsAllUsable() {
        assertThat(provider.strategies())
                .extracting(Strategy::mechanism)
                .containsExactlyInAnyOrder(
                        Mechanism.READ_WRITE,
                        Mechanism.GATHER_WRITE,
                        Mechanism.TRANSFER_TO,
                        Mechanism.TRANSFER_FROM,
                        Mechanism.MMAP_WRITE);
        assertThat(provider.strategies()).allMatch(s -> s.unavailableBecause() == null);
    }

    @Test
    void describesFilesWithTheirIdentity() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "12345");
        EndpointFacts facts = provider.describe(file, false);
        assertThat(facts.kind()).isEqualTo(EndpointKind.FILE);
        assertThat(facts.size()).isEqualTo(5);
        Path link = Files.createSymbolicLink(folder.resolve("l"), file);
        assertThat(facts.sameFile(provider.describe(link, true))).isTrue();
    }

    @Test
    void describesATargetThatDoesNotExistAsTheFileItWillBe() throws IOException {
        EndpointFacts facts = provider.describe(folder.resolve("absent"), true);
        EndpointFacts beside = provider.describe(Files.writeString(folder.resolve("f"), "x"), true);
        assertThat(facts.kind()).isEqualTo(EndpointKind.FILE);
        assertThat(facts.size()).isZero();
        assertThat(facts.inode()).isZero();
        assertThat(facts.device()).isEqualTo(beside.device());
        assertThat(facts.fileSystem()).isEqualTo(beside.fileSystem());
    }

    @Test
    void describesAnEmptySourceLikeItsPort() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty"));
        assertThat(provider.describe(empty, false).kind()).isEqualTo(EndpointKind.VIRTUAL_FILE);
        assertThat(provider.describe(empty, true).kind()).isEqualTo(EndpointKind.FILE);
    }

    @Test
    void describesProcfsAndDevices() {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "no procfs");
        EndpointFacts status = provider.describe(Path.of("/proc/self/status"), false);
        assertThat(status.kind()).isEqualTo(EndpointKind.VIRTUAL_FILE);
        assertThat(status.fileSystem()).isEqualTo("proc");
        assertThat(provider.describe(Path.of("/dev/null"), true).kind()).isEqualTo(EndpointKind.DEVICE);
    }

    @Test
    void describesPathsOfOtherFileSystemsAsOpaque() throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"))) {
            Path inside = Files.writeString(zip.getPath("x"), "abc");
            assertThat(provider.describe(inside, false).kind()).isEqualTo(EndpointKind.OPAQUE);
        }
    }

    @Test
    void looksIntoFileStreamsButNotIntoTheirSubclassesOrWrappers() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "abc");
        try (FileInputStream in = new FileInputStream(file.toFile());
                FileOutputStream out = new FileOutputStream(file.toFile());
                InputStream buffered = new BufferedInputStream(in);
                FileInputStream subclass = new FileInputStream(file.toFile()) {}) {
            assertThat(provider.unwrap(in)).isSameAs(in.getChannel());
            assertThat(provider.unwrap(out)).isSameAs(out.getChannel());
            assertThat(provider.unwrap(buffered)).isNull();
            assertThat(provider.unwrap(subclass)).isNull();
        }
    }
}
