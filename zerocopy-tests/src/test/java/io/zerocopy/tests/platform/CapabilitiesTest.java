package io.zerocopy.tests.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Capabilities;
import io.zerocopy.Mechanism;
import io.zerocopy.Transfers;
import io.zerocopy.linux.LinuxProvider;
import io.zerocopy.tests.fixture.TestFixture;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The report says what this kernel can do. It tries each mechanism, and each "no" has its cause. */
class CapabilitiesTest {
    @Test
    void everyMechanismIsAvailableOrSaysWhyNot() {
        Capabilities capabilities = Transfers.capabilities();
        for (Mechanism mechanism : Mechanism.values()) {
            assertThat(capabilities.isAvailable(mechanism))
                    .isEqualTo(capabilities.unavailableBecause(mechanism).isEmpty());
            assertThat(capabilities.toString()).contains(mechanism.name());
        }
        assertThat(capabilities.isAvailable(Mechanism.SPLICE)).isTrue();
        assertThat(capabilities.isAvailable(Mechanism.SENDFILE)).isTrue();
        assertThat(capabilities.isAvailable(Mechanism.COPY_FILE_RANGE)).isTrue();
        assertThat(capabilities.isAvailable(Mechanism.REFLINK)).isTrue();
    }

    @Test
    void theLimitsInForceAreThoseOfTheKernel() throws Exception {
        Capabilities capabilities = Transfers.capabilities();
        assertThat(capabilities.facts())
                .containsEntry("pipe-max-size", kernelSays("/proc/sys/fs/pipe-max-size"))
                .containsEntry("pipe-user-pages-soft", kernelSays("/proc/sys/fs/pipe-user-pages-soft"))
                .containsKeys("kernel", "jna", "pipe size granted", "provider native", "provider nio");
        assertThat(capabilities.toString()).contains("pipe-max-size", "pipe-user-pages-soft");
    }

    /** What is known of the process is reported without a file; folders are probed only on request. */
    @Test
    void aFolderIsTriedOnlyWhenItIsAskedFor() throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            var before = Files.getLastModifiedTime(fixture.directory());
            String properties = System.getProperty("java.io.tmpdir");
            System.setProperty("java.io.tmpdir", fixture.directory().toString());
            try {
                assertThat(Transfers.capabilities().isAvailable(Mechanism.REFLINK))
                        .isTrue();
            } finally {
                System.setProperty("java.io.tmpdir", properties);
            }
            assertThat(Files.getLastModifiedTime(fixture.directory())).isEqualTo(before);
            assertThat(Transfers.capabilities().probe(fixture.directory()))
                    .containsOnlyKeys("reflink in " + fixture.directory(), "direct I/O in " + fixture.directory());
            assertThat(fixture.directory()).isEmptyDirectory();
        }
    }

    /** A jar that was built on 22 or newer has a second binding, which all other code here then uses. */
    @Test
    void theReportSaysHowTheKernelIsCalled() {
        boolean foreign = Runtime.version().feature() >= 24
                && LinuxProvider.class.getResource("/META-INF/versions/22/io/zerocopy/linux/sys/bind/Binding.class")
                        != null;
        assertThat(Transfers.capabilities().facts().get("calls")).startsWith(foreign ? "java.lang.foreign" : "JNA: ");
    }

    @Test
    void killSwitchesAreInTheReport() {
        System.setProperty("zerocopy.disable", "splice");
        try {
            assertThat(Transfers.capabilities().unavailableBecause(Mechanism.SPLICE))
                    .contains("switched off by -Dzerocopy.disable");
        } finally {
            System.clearProperty("zerocopy.disable");
        }
        assertThat(Transfers.capabilities().isAvailable(Mechanism.SPLICE)).isTrue();
    }

    @Test
    void anUnknownKillSwitchIsReported() {
        System.setProperty("zerocopy.disable", "splcie, send-file, Copy-File-Range, holes, native");
        try {
            assertThat(Transfers.capabilities().facts())
                    .containsEntry("switched off, but unknown", "splcie, send-file");
        } finally {
            System.clearProperty("zerocopy.disable");
        }
        assertThat(Transfers.capabilities().toString()).doesNotContain("unknown");
    }

    @Test
    void scatterGatherIsWhatTheDriverSays() throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            SocketChannel[] tcp = fixture.tcp();
            Capabilities capabilities = Transfers.capabilities();
            assertThat(capabilities.scatterGather(tcp[0])).contains(true); // loopback always gathers
            assertThat(capabilities.scatterGather(fixture.unix()[0])).isEmpty();
            assertThat(Mechanism.SENDFILE.cpuCopies(true)).isZero();
            assertThat(Mechanism.SENDFILE.cpuCopies(false)).isEqualTo(1);
        }
    }

    @Test
    void aClosedSocketHasNoInterface() throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            SocketChannel closed = fixture.tcp()[0];
            closed.close();
            assertThat(Transfers.capabilities().scatterGather(closed)).isEmpty();
        }
    }

    @Test
    void theCostTableIsThatOfTheLiterature() {
        assertThat(costs(Mechanism.READ_WRITE)).containsExactly(2, 2, 4);
        assertThat(costs(Mechanism.MMAP_WRITE)).containsExactly(1, 2, 4);
        assertThat(costs(Mechanism.SENDFILE)).containsExactly(1, 2, 2);
        assertThat(costs(Mechanism.SPLICE)).containsExactly(0, 2, 2);
        assertThat(costs(Mechanism.REFLINK)).containsExactly(0, 0, 2);
    }

    private static String kernelSays(String file) throws Exception {
        return TestFixture.run("cat", file).strip();
    }

    private static int[] costs(Mechanism mechanism) {
        return new int[] {mechanism.cpuCopies(), mechanism.dmaCopies(), mechanism.contextSwitchesPerCall()};
    }
}
