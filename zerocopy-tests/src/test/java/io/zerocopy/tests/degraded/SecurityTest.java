package io.zerocopy.tests.degraded;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Under a security manager that gives the library few rights, everything moves by what is left, and the report says why. No
 * class is lost to an initialiser that has failed.
 */
class SecurityTest {
    private static final String ALL = "permission java.security.AllPermission;";
    private static final String ALL_FILES =
            "permission java.io.FilePermission \"<<ALL FILES>>\", \"read,write,delete\";";
    private static final String PROPERTIES = "permission java.util.PropertyPermission \"*\", \"read,write\";";
    private static final String NATIVE = "permission java.lang.RuntimePermission \"loadLibrary.*\";";

    private TestFixture fixture;

    @BeforeEach
    void open() throws IOException {
        Assumptions.assumeTrue(Runtime.version().feature() < 24, "there is a security manager up to JDK 23");
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
    }

    /** Runs the subject, which may do everything, over a library that may do what is granted, and use the files. */
    private Child.Ended run(String granted, String... arguments) throws Exception {
        Path folder = Files.createDirectory(fixture.path("folder"));
        StringBuilder policy = new StringBuilder();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(entry).toAbsolutePath();
            boolean subject = path.toString().contains("zerocopy-tests");
            policy.append("grant codeBase \"file:")
                    .append(path)
                    .append(Files.isDirectory(path) ? "/-" : "")
                    .append("\" { ")
                    .append(subject ? ALL : granted + files(folder))
                    .append(" };\n");
        }
        Path file = Files.writeString(fixture.path("policy"), policy);
        Child.Ended ended = new Child()
                .option("-Djava.security.manager")
                .option("-Djava.security.policy==" + file)
                .option("-Djava.io.tmpdir=" + folder)
                .run(SecuritySubject.class, arguments);
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output())
                .contains("all moved")
                .doesNotContain("ExceptionInInitializerError", "NoClassDefFoundError", "Could not initialize");
        return ended;
    }

    private static String files(Path folder) {
        return " permission java.io.FilePermission \"" + folder + "\", \"read,write,delete\";"
                + " permission java.io.FilePermission \"" + folder + "/-\", \"read,write,delete\";";
    }

    @Test
    void noRightButToTheFiles() throws Exception {
        assertThat(run("").output())
                .contains("SENDFILE         no   the native part cannot be used: a security manager denies native code")
                .contains(
                        "loadLibrary.c",
                        "READ_WRITE       yes",
                        "mapped 100000",
                        "provider nio                  in use");
    }

    @Test
    void everyFileAndProperty() throws Exception {
        assertThat(run(ALL_FILES + PROPERTIES).output())
                .contains(
                        "SENDFILE         no   the native part cannot be used: a security manager denies native code");
    }

    /** Its initialiser fails, and never runs again. */
    @Test
    void nativeCodeButNotWhatJnaNeeds() throws Exception {
        assertThat(run(ALL_FILES + PROPERTIES + NATIVE).output())
                .contains("SENDFILE         no   the native part cannot be used: java.security.AccessControlException")
                .contains("getenv");
    }

    @Test
    void nativeCodeAndNoProperty() throws Exception {
        assertThat(run(NATIVE).output())
                .contains("SENDFILE         no   the native part cannot be used: java.security.AccessControlException")
                .contains("os.name");
    }

    @Test
    void everyRight() throws Exception {
        assertThat(run(ALL).output()).contains("SENDFILE         yes", "file-tcp SENDFILE", "tcp-file SPLICE");
    }

    /** What the library has set up for code with all rights serves no code that has none. */
    @Test
    void callerWithFewerRightsThanTheFirst() throws Exception {
        assertThat(run(ALL, "later").output())
                .contains("first SENDFILE true", "later 100000 bytes by READ_WRITE")
                .contains("SENDFILE         no   a security manager denies native code")
                .contains("(\"java.io.FilePermission\" \"/etc/passwd\" \"read\")")
                .contains("\"/etc/zerocopy-must-not-be-here\"");
        assertThat(Path.of("/etc/zerocopy-must-not-be-here")).doesNotExist();
    }
}
