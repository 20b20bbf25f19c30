package io.zerocopy.tests.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import io.zerocopy.tests.kit.StraceLog;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Some file systems answer copy_file_range with errors of their own (CIFS, stacked ones), although reads and writes
 * work. Newer JDKs make the same call in {@code transferTo}. The call has moved nothing, so files are copied by another
 * mechanism.
 */
class RefusedCopiesTest {
    @BeforeEach
    void requireStrace() throws Exception {
        StraceLog.assumeInstalled();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EIO", "ENOENT", "EISDIR", "EFBIG", "EOVERFLOW", "EBADF", "ETXTBSY", "ENOTTY"})
    void filesAreCopiedAfterAnyErrorOfCopyFileRange(String errno) throws Exception {
        String inject = "inject=copy_file_range:error=" + errno + ":when=2+"; // the first is made without a descriptor
        Child.Ended ended = new Child()
                .under(
                        "strace",
                        "-f",
                        "--seccomp-bpf",
                        "-qq",
                        "-o",
                        "/dev/null",
                        "-e",
                        "trace=copy_file_range",
                        "-e",
                        inject)
                .run(Subject.class);
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("COPY_FILE_RANGE declined: copy_file_range: " + errno, "all moved");
    }

    /** Runs under strace. */
    static final class Subject {
        private Subject() {}

        public static void main(String[] args) throws Exception {
            try (TestFixture fixture = new TestFixture()) {
                Path source = fixture.file(300_000);
                Path target = fixture.path("t");
                print(Transfers.copy(source, target), source, target);
                for (Preference sendfile : new Preference[] {Preference.AUTO, Preference.NEVER}) {
                    Files.write(target, new byte[10]);
                    try (FileChannel from = FileChannel.open(source);
                            FileChannel to = FileChannel.open(target, StandardOpenOption.WRITE)) {
                        TransferResult result = Transfers.from(from)
                                .range(0, from.size())
                                .to(to)
                                .targetPosition(0)
                                .use(Mechanism.SENDFILE, sendfile)
                                .build()
                                .run();
                        print(result, source, target);
                    }
                }
            }
            System.out.println("all moved");
        }

        private static void print(TransferResult result, Path source, Path target) throws IOException {
            System.out.println(result);
            if (Files.mismatch(source, target) != -1) {
                throw new AssertionError("bytes differ");
            }
        }
    }
}
