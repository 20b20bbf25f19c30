package io.zerocopy.tests.kit;

import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files with holes, and what they occupy. */
public final class Sparse {
    public static final int MIB = 1 << 20;

    /** A hole, data, a hole, data that begins and ends at no block, allocated space without data, a hole at the end. */
    public static final long SIZE = 12 * MIB + 4321;

    private Sparse() {}

    public static Path file(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(SIZE);
        }
        data(path, MIB, MIB);
        data(path, 4 * MIB + 123, MIB + 77);
        TestFixture.run("fallocate", "-o", "" + 8 * MIB, "-l", "" + 2 * MIB, path.toString());
        return path;
    }

    /** Writes a part of the pattern where it belongs. */
    public static void data(Path path, long position, int count) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(Content.PATTERN.bytes(position, count));
            while (bytes.hasRemaining()) {
                channel.write(bytes, position + bytes.position());
            }
        }
    }

    /** Bytes that a file takes on disk; what was written must have been given its place first. */
    public static long allocated(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        String[] words =
                TestFixture.run("stat", "-c", "%b %B", path.toString()).strip().split(" ");
        return Long.parseLong(words[0]) * Long.parseLong(words[1]);
    }
}
