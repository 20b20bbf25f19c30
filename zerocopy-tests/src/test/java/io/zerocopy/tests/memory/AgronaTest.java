package io.zerocopy.tests.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfers;
import io.zerocopy.linux.DirectFile;
import io.zerocopy.nio.MappedFile;
import io.zerocopy.nio.MappedFile.Access;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Works without a flag, with any version of Agrona that the application has, and without Agrona if its buffers are not
 * used.
 */
class AgronaTest {
    private static boolean isAgrona(String entry) {
        return entry.matches(".*agrona-[0-9.]+jar");
    }

    /** Returns the jar of another version, from the build's folder or from Maven's. */
    private static Path jar(String version) throws Exception {
        Path known = Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(AgronaTest::isAgrona)
                .map(Path::of)
                .findFirst()
                .orElseThrow();
        Path jar = known.getParent().resolveSibling(version).resolve("agrona-" + version + ".jar");
        Assumptions.assumeTrue(Files.exists(jar), () -> "Agrona " + version + " is not in the local repository");
        return jar;
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.23.1", "2.6.0"})
    void mappedFilesAndTransfersWorkWithEitherLine(String version) throws Exception {
        Child.Ended ended =
                new Child().without(AgronaTest::isAgrona).with(jar(version)).run(Subject.class, "views");
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("copied", "views", "blocks");
    }

    @Test
    void transfersWorkWithoutAgrona() throws Exception {
        Child.Ended ended = new Child().without(AgronaTest::isAgrona).run(Subject.class, "none");
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("copied").doesNotContain("views");
    }

    /** Copies through a mapping, and reads the copy through another. */
    static final class Subject {
        private Subject() {}

        public static void main(String[] args) throws Exception {
            try (TestFixture fixture = new TestFixture()) {
                Path source = fixture.file(1_000_000);
                Path target = fixture.path("t");
                for (Mechanism mechanism : List.of(Mechanism.MMAP_WRITE, Mechanism.READ_WRITE)) {
                    Transfers.from(source)
                            .to(target)
                            .use(mechanism, Preference.REQUIRE)
                            .build()
                            .run();
                }
                System.out.println("copied");
                if (args[0].equals("views")) {
                    View.look(target);
                }
            }
        }
    }

    private static final class View {
        static void look(Path file) throws Exception {
            try (MappedFile mapped = MappedFile.open(file, Access.READ_WRITE)) {
                MutableDirectBuffer view = mapped.mutableView(0, 1_000_000);
                byte[] seen = new byte[1_000_000];
                view.getBytes(0, seen);
                if (!java.util.Arrays.equals(seen, Content.PATTERN.bytes(0, seen.length))) {
                    throw new AssertionError("other bytes");
                }
                view.putStringUtf8(10, "text");
                view.putLong(100, 42);
                if (!view.getStringUtf8(10).equals("text")
                        || mapped.window(100, 8).getLong(0) != 42) {
                    throw new AssertionError("other values");
                }
                System.out.println("views " + view);
            }
            try (DirectFile direct = DirectFile.open(file, Preference.AUTO)) {
                MutableDirectBuffer block = direct.allocate(5000);
                if (direct.read(0, block, 0, 5000) != 5000 || block.getLong(100) != 42) {
                    throw new AssertionError("other blocks");
                }
                System.out.println("blocks " + block);
            }
        }
    }
}
