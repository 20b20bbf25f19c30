package io.zerocopy.tests.transfer;

import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Every kind of name that a target can have, before a transfer to it is refused. */
enum RefusedTarget {
    ABSENT(false),
    FILE(true) {
        @Override
        Path make(TestFixture fixture, Path name) throws IOException {
            return precious(name);
        }
    },
    EMPTY_FILE(true) {
        @Override
        Path make(TestFixture fixture, Path name) throws IOException {
            return Files.createFile(name);
        }
    },
    LINK(true) {
        @Override
        Path make(TestFixture fixture, Path name) throws IOException {
            return Files.createSymbolicLink(name, precious(fixture.path("linked")));
        }
    },
    LINK_TO_NOTHING(false) {
        @Override
        Path make(TestFixture fixture, Path name) throws IOException {
            return Files.createSymbolicLink(name, fixture.path("nothing"));
        }
    },
    HARD_LINK(true) {
        @Override
        Path make(TestFixture fixture, Path name) throws IOException {
            return Files.createLink(name, precious(fixture.path("linked")));
        }
    },
    READ_ONLY_FILE(true) {
        @Override
        Path make(TestFixture fixture, Path name) throws IOException {
            return Files.setPosixFilePermissions(precious(name), PosixFilePermissions.fromString("r--r--r--"));
        }
    },
    FIFO(false) {
        @Override
        Path make(TestFixture fixture, Path name) throws IOException {
            TestFixture.run("mkfifo", name.toString()); // it has no reader, so opening it waits
            return name;
        }
    },
    DEVICE(false) {
        @Override
        Path make(TestFixture fixture, Path name) throws IOException {
            return Files.createSymbolicLink(name, Path.of("/dev/null"));
        }
    },
    DIRECTORY(false) {
        @Override
        Path make(TestFixture fixture, Path name) throws IOException {
            return Files.createDirectory(name);
        }
    },
    IN_NO_DIRECTORY(false) {
        @Override
        Path make(TestFixture fixture, Path name) {
            return name.resolve("no").resolve("such");
        }
    };

    private final boolean regular;

    RefusedTarget(boolean regular) {
        this.regular = regular;
    }

    /** Returns whether the name refers to a file. */
    boolean isRegular() {
        return regular;
    }

    /** Creates what the name refers to. */
    Path make(TestFixture fixture, Path name) throws IOException {
        return name;
    }

    private static Path precious(Path name) throws IOException {
        return Files.writeString(name, "precious");
    }

    /**
     * The visible state of a name and of its folder.
     *
     * @param names the names in the folder
     * @param self attributes of the name itself; links are not followed
     * @param led attributes of what it refers to
     * @param content the content, if it is a file
     */
    record Seen(List<String> names, List<Object> self, List<Object> led, String content) {
        static Seen of(TestFixture fixture, Path path) throws IOException {
            try (Stream<Path> all = Files.list(fixture.directory())) {
                return new Seen(
                        all.map(Path::toString).sorted().toList(),
                        attributes(path, LinkOption.NOFOLLOW_LINKS),
                        attributes(path),
                        Files.isRegularFile(path) ? Files.readString(path) : "");
            }
        }

        private static List<Object> attributes(Path path, LinkOption... links) throws IOException {
            try {
                var found = Files.readAttributes(path, BasicFileAttributes.class, links);
                boolean ofOthers = found.isOther() && !path.equals(path.toRealPath()); // others write to /dev/null
                return ofOthers
                        ? List.of(found.fileKey())
                        : Arrays.asList(found.fileKey(), found.size(), found.lastModifiedTime());
            } catch (NoSuchFileException absent) {
                return List.of();
            }
        }
    }
}
