package io.zerocopy.tests.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import io.zerocopy.tests.kit.Mount;
import java.nio.file.Files;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** If the native part is missing or cannot load, everything still moves, and the report says why. */
class DegradedTest {
    private static void moves(Child.Ended ended, String... reasons) {
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("all moved").contains(reasons);
        assertThat(ended.output()).doesNotContain("file-tcp SENDFILE").doesNotContain("tcp-file SPLICE");
    }

    @Test
    void theNioModuleAloneIsThePureJavaPart() throws Exception {
        Child child = new Child().without(entry -> entry.contains("jna") || entry.contains("zerocopy-native"));
        Child.Ended ended = child.run(DegradedSubject.class);
        moves(ended, "SENDFILE         no   not built in");
        assertThat(ended.output()).doesNotContain("provider native");
    }

    @Test
    void nativeModuleWithoutJnaOnTheClassPath() throws Exception {
        Child.Ended ended = new Child().without(entry -> entry.contains("jna")).run(DegradedSubject.class);
        moves(ended, "ClassNotFoundException: com.sun.jna");
    }

    @Test
    void jnaThatFindsNoLibrary() throws Exception {
        Child.Ended ended = new Child()
                .option("-Djna.nounpack=true")
                .option("-Djna.nosys=true")
                .option("-Djna.boot.library.path=/nonexistent")
                .run(DegradedSubject.class);
        moves(ended, "UnsatisfiedLinkError");
    }

    @Test
    void temporaryFolderThatForbidsExecution() throws Exception {
        try (TestFixture fixture = new TestFixture();
                Mount noexec = Mount.tmpfs(fixture, "size=8m,noexec")) {
            Child.Ended ended = new Child()
                    .option("-Djna.tmpdir=" + noexec.path())
                    .option("-Djna.nosys=true")
                    .run(DegradedSubject.class);
            moves(ended, "UnsatisfiedLinkError");
            try (var left = Files.list(noexec.path())) {
                assertThat(left.filter(Files::isDirectory)).isEmpty();
            }
        }
    }

    @Test
    void temporaryFolderThatCannotBeWrittenTo() throws Exception {
        try (TestFixture fixture = new TestFixture();
                Mount readOnly = Mount.tmpfs(fixture, "size=8m,ro")) {
            Child.Ended ended = new Child()
                    .option("-Djna.tmpdir=" + readOnly.path())
                    .option("-Djna.nosys=true")
                    .run(DegradedSubject.class);
            moves(ended, "is not writable");
        }
    }

    @Test
    void nativeAccessThatIsDenied() throws Exception {
        Assumptions.assumeTrue(Runtime.version().feature() >= 24, "native access can be denied from JDK 24 on");
        Child.Ended ended = new Child().option("--illegal-native-access=deny").run(DegradedSubject.class);
        moves(ended, "IllegalCallerException");
    }

    @Test
    void killSwitchOfTheWholeNativePart() throws Exception {
        Child.Ended ended = new Child().option("-Dzerocopy.disable=native").run(DegradedSubject.class);
        moves(ended, "switched off by -Dzerocopy.disable");
    }

    @Test
    void nothingMissing() throws Exception {
        Child.Ended ended = new Child().run(DegradedSubject.class);
        assertThat(ended.output()).contains("all moved", "file-tcp SENDFILE", "tcp-file SPLICE");
    }
}
