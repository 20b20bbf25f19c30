package io.zerocopy.tests.degraded;

import io.zerocopy.Mechanism;
import io.zerocopy.Transfers;
import io.zerocopy.nio.MappedFile;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilePermission;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.AccessControlContext;
import java.security.AccessController;
import java.security.Permissions;
import java.security.PrivilegedExceptionAction;
import java.security.ProtectionDomain;

/**
 * Runs under a security manager: does what needs no more than the files themselves. With the argument {@code later}, code
 * that may do everything uses the library first.
 */
final class SecuritySubject {
    private SecuritySubject() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            all();
            return;
        }
        System.out.println("first SENDFILE " + Transfers.capabilities().isAvailable(Mechanism.SENDFILE));
        try (TestFixture fixture = new TestFixture()) {
            Path source = fixture.file(100_000);
            Path target = fixture.path("t");
            withFilesOnly(() -> {
                System.out.println("later " + Transfers.copy(source, target));
                System.out.println(Transfers.capabilities());
                return null;
            });
            withFilesOnly(() -> {
                refused(Path.of("/etc/passwd"), fixture.path("stolen"));
                refused(source, Path.of("/etc/zerocopy-must-not-be-here"));
                return null;
            });
        }
        System.out.println("all moved");
    }

    private static void all() throws Exception {
        DegradedSubject.main(new String[0]);
        try (TestFixture fixture = new TestFixture()) {
            Path source = fixture.file(100_000);
            Path target = fixture.path("t");
            Transfers.copy(source, target, StandardCopyOption.COPY_ATTRIBUTES);
            Transfers.copy(source, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            if (Files.mismatch(source, target) != -1) {
                throw new AssertionError("bytes differ");
            }
            Transfers.copy(new ByteArrayInputStream(new byte[1000]), new ByteArrayOutputStream());
            System.out.println(Transfers.from(source).to(target).build().plan());
            try (MappedFile mapped = MappedFile.open(source, MappedFile.Access.READ_ONLY)) {
                System.out.println("mapped " + mapped.size());
            }
        }
    }

    /** Code with fewer rights on the stack takes the rights of all of it. */
    @SuppressWarnings("removal")
    private static void withFilesOnly(PrivilegedExceptionAction<Object> action) throws Exception {
        Permissions files = new Permissions();
        files.add(new FilePermission(System.getProperty("java.io.tmpdir") + "/-", "read,write,delete"));
        AccessControlContext few = new AccessControlContext(new ProtectionDomain[] {new ProtectionDomain(null, files)});
        AccessController.doPrivileged(action, few);
    }

    private static void refused(Path source, Path target) throws Exception {
        try {
            Transfers.from(source).to(target).build().run();
            throw new AssertionError(source + " was copied to " + target);
        } catch (SecurityException expected) {
            System.out.println("refused: " + expected.getMessage());
        }
        try {
            Transfers.copy(source, target, StandardCopyOption.ATOMIC_MOVE);
            throw new AssertionError(source + " was copied to " + target);
        } catch (SecurityException expected) {
            System.out.println("refused: " + expected.getMessage());
        }
    }
}
