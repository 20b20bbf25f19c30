package io.zerocopy.tests.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StraceLogTest {
    @Test
    void callsThatOthersCameBetweenAreOneLineAgain(@TempDir Path directory) throws Exception {
        Path log = Files.writeString(directory.resolve("log"), """
                11 fchown(3</d/t>, 0, 0 <unfinished ...>
                12 openat(AT_FDCWD, "/x", O_RDONLY <unfinished ...>
                13 close(7) = 0
                11 <... fchown resumed>) = 0
                12 <... openat resumed>) = -1 ENOENT (No such file or directory)
                11 fchmod(3</d/t>, 0640) = 0
                13 pause( <unfinished ...>
                13 <... pause resumed> <unfinished ...>) = ?
                12 read(4, <unfinished ...>
                12 +++ exited with 0 +++
                """);
        assertThat(StraceLog.read(log))
                .extracting(line -> line.thread() + " " + line.text())
                .containsExactly(
                        "13 close(7) = 0",
                        "11 fchown(3</d/t>, 0, 0) = 0",
                        "12 openat(AT_FDCWD, \"/x\", O_RDONLY) = -1 ENOENT (No such file or directory)",
                        "11 fchmod(3</d/t>, 0640) = 0",
                        "13 pause( <unfinished ...>) = ?",
                        "12 +++ exited with 0 +++");
    }
}
