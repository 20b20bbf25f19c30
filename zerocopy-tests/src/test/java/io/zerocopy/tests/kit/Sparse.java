package io.zerocopy.tests.kit;

import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Creates files with holes, and measures the space that they use. */
public final class Sparse {
    public static final int MIB = 1 << 20;

    /**
     * The size of a file with a hole, data, a hole, data that does not begin or end at a block, allocated space without
     * data, and a hole at the end.
     */
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

    /** Writes a part of the pattern at its position. */
    public static void data(Path path, long position, int count) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(Content.PATTERN.bytes(position, count));
            while (bytes.hasRemaining()) {
                channel.write(bytes, position + bytes.position());
            }
        }
    }

    /** Returns the bytes that a file uses on disk; first writes all its data to the disk. */
    public static long allocated(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        String[] words =
                TestFixture.run("stat", "-c", "%b %B", path.toString()).strip().split(" ");
        return Long.parseLong(words[0]) * Long.parseLong(words[1]);
    }
}
