package io.zerocopy.linux.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.linux.sys.bind.JnaSyscalls;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AbiTest {
    @Test
    void arm64HasItsOwnFlagsOfOpen() {
        Abi arm64 = Abi.of("aarch64");
        assertThat(arm64.O_DIRECT()).isEqualTo(0x10000);
        assertThat(arm64.O_LARGEFILE()).isEqualTo(0x20000);
        assertThat(arm64.O_DIRECTORY()).isEqualTo(0x4000);
        assertThat(arm64.O_NOFOLLOW()).isEqualTo(0x8000);
        assertThat(arm64.O_TMPFILE()).isEqualTo(0x404000);
    }

    @Test
    void theOthersShareTheGenericOnes() {
        Abi x86 = Abi.of("amd64");
        assertThat(x86.O_DIRECT()).isEqualTo(0x4000);
        assertThat(x86.O_LARGEFILE()).isEqualTo(0x8000);
        assertThat(x86.O_DIRECTORY()).isEqualTo(0x10000);
        assertThat(x86.O_NOFOLLOW()).isEqualTo(0x20000);
        assertThat(x86.O_TMPFILE()).isEqualTo(0x410000);
        assertThat(Abi.of("riscv64")).isEqualTo(x86);
        assertThat(Abi.of("loongarch64")).isEqualTo(x86);
    }

    @Test
    void otherProcessorsHaveNoRow() {
        assertThat(Abi.of("ppc64le")).isNull();
        assertThat(Abi.of("s390x")).isNull();
        assertThat(Abi.of("i386")).isNull();
        assertThat(Abi.of("arm")).isNull();
    }

    /** The kernel itself says whether the row of this processor is right. */
    @Test
    void thisKernelTakesTheFlagsForWhatTheyAre(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(Abi.unsupportedBecause() == null, String.valueOf(Abi.unsupportedBecause()));
        Abi abi = Abi.current();
        Syscalls sys = JnaSyscalls.load();
        Path file = Files.createFile(folder.resolve("file"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThat(sys.open(file.toString(), abi.O_DIRECTORY(), 0)).isEqualTo(-Errno.ENOTDIR);
        assertThat(sys.open(link.toString(), abi.O_NOFOLLOW(), 0)).isEqualTo(-40); // ELOOP
        int nameless = sys.open(folder.toString(), C.O_RDWR | abi.O_TMPFILE(), 0600);
        assertThat(nameless).isGreaterThanOrEqualTo(0);
        int flags = sys.fcntl(nameless, C.F_GETFL, 0);
        assertThat(flags & abi.O_LARGEFILE()).isNotZero();
        assertThat(sys.close(nameless)).isZero();
        try (var names = Files.list(folder)) {
            assertThat(names).hasSize(2);
        }
    }
}
