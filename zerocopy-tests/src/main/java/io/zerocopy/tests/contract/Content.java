package io.zerocopy.tests.contract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;

/** The expected bytes of a test at each offset, so that a lost, doubled or stale byte is always detected. */
public interface Content {
    /**
     * Bytes that depend on their position: a random block whose length is prime, so that it never lines up with a page
     * or buffer.
     */
    Content PATTERN = new Content() {
        private final byte[] block = block();

        private byte[] block() {
            byte[] bytes = new byte[1_048_583];
            new Random(42).nextBytes(bytes);
            return bytes;
        }

        @Override
        public void fill(byte[] into, int length, long offset) {
            for (int done = 0; done < length; ) {
                int at = (int) ((offset + done) % block.length);
                int n = Math.min(length - done, block.length - at);
                System.arraycopy(block, at, into, done, n);
                done += n;
            }
        }
    };

    /** Zeros without end. */
    Content ZEROS = (into, length, offset) -> Arrays.fill(into, 0, length, (byte) 0);

    /** These bytes. */
    static Content of(byte[] bytes) {
        return (into, length, offset) -> System.arraycopy(bytes, (int) offset, into, 0, length);
    }

    /** One content after another. */
    static Content after(byte[] first, Content rest) {
        return (into, length, offset) -> {
            int head = (int) Math.max(0, Math.min(length, first.length - offset));
            if (head > 0) {
                System.arraycopy(first, (int) offset, into, 0, head);
            }
            if (head < length) {
                byte[] tail = new byte[length - head];
                rest.fill(tail, tail.length, offset + head - first.length);
                System.arraycopy(tail, 0, into, head, tail.length);
            }
        };
    }

    void fill(byte[] into, int length, long offset);

    default byte[] bytes(long offset, int length) {
        byte[] bytes = new byte[length];
        fill(bytes, length, offset);
        return bytes;
    }

    default void writeFile(Path file, long size) throws IOException {
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            for (long at = 0; at < size; ) {
                int n = (int) Math.min(1 << 20, size - at);
                at += out.write(ByteBuffer.wrap(bytes(at, n)));
            }
        }
    }

    /** A check that is fed the bytes in order. */
    final class Check {
        private final Content content;
        private final byte[] expected = new byte[64 << 10];
        private long offset;

        public Check(Content content) {
            this.content = content;
        }

        public void feed(byte[] bytes, int length) {
            for (int done = 0; done < length; ) {
                int n = Math.min(expected.length, length - done);
                content.fill(expected, n, offset);
                int wrong = Arrays.mismatch(bytes, done, done + n, expected, 0, n);
                if (wrong >= 0) {
                    throw new AssertionError(
                            "byte " + (offset + wrong) + " is " + bytes[done + wrong] + ", not " + expected[wrong]);
                }
                done += n;
                offset += n;
            }
        }

        public long count() {
            return offset;
        }
    }
}
