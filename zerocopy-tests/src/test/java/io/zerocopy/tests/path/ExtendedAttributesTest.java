package io.zerocopy.tests.path;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which extended attributes a copy has. Those outside {@code user.*} give rights: a capability is a part of the superuser's
 * rights, and an access list names users.
 */
class ExtendedAttributesTest {
    private static final String SET = """
            import os, struct, sys
            acl = ((1, 6, 0xFFFFFFFF), (2, 4, 1234), (4, 4, 0xFFFFFFFF), (16, 4, 0xFFFFFFFF), (32, 0, 0xFFFFFFFF))
            values = {
                "user.colour": b"green",
                "trusted.zerocopy": b"trusted",
                "system.posix_acl_access": struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *e) for e in acl),
                "security.capability": struct.pack("<5I", 0x02000001, 1 << 10, 0, 0, 0),
            }
            try:
                for name, value in values.items():
                    os.setxattr(sys.argv[1], name, value)
                print("set")
            except OSError as e:
                print(name, e)
            """;
    private static final String LIST = """
            import os, sys
            print(" ".join(sorted(os.listxattr(sys.argv[1]))))
            """;

    private TestFixture fixture;
    private Path source;

    @BeforeEach
    void open() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only the superuser can give capabilities");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "python3 is not installed");
        fixture = new TestFixture();
        source = Files.writeString(fixture.path("source"), "program");
        String said = TestFixture.run("/usr/bin/python3", "-c", SET, source.toString());
        assumeTrue(said.contains("set"), said);
    }

    @AfterEach
    void close() throws Exception {
        System.clearProperty("zerocopy.disable");
        if (fixture != null) {
            fixture.close();
        }
    }

    private static List<String> attributes(Path path) throws IOException {
        String said = TestFixture.run("/usr/bin/python3", "-c", LIST, path.toString());
        return Arrays.stream(said.trim().split(" "))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void onlyThoseOfUsersAreCopied(String disabled) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        assertThat(attributes(source)).hasSize(4);
        for (CopyOption[] options :
                new CopyOption[][] {{}, {ATOMIC_MOVE}, {COPY_ATTRIBUTES}, {COPY_ATTRIBUTES, ATOMIC_MOVE}}) {
            boolean all = options.length > 0 && options[0] == COPY_ATTRIBUTES;
            Path target = fixture.path("target");
            Transfers.copy(source, target, options);
            assertThat(attributes(target)).isEqualTo(all ? List.of("user.colour") : List.of());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                    .as("those that the source shows, the list's mask as the group's")
                    .isEqualTo("rw-r-----");
            Files.delete(target);
        }
    }

    /** What the documentation says of it. */
    @ParameterizedTest
    @ValueSource(strings = {"security.capability", "system.posix_acl_access", "user.colour"})
    void filesCopyCopiesAllOfThem(String name) throws Exception {
        Path target = Files.copy(source, fixture.path("target"), COPY_ATTRIBUTES);
        assertThat(attributes(target)).contains(name);
    }
}
