package io.zerocopy.tests.soak;

import io.zerocopy.tests.fixture.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;

/**
 * The expected bytes of one transfer of a soak: header, body and trailer; and the bytes around the body in its source.
 */
final class SoakContent {
    private static final int BLOCK = 4096;

    private final byte[] all;
    private final int header;
    private final int body;
    private final byte[] before; // the bytes of a file before its range
    private final byte[] behind; // the bytes of any source that are not requested

    private SoakContent(byte[] all, int header, int body, byte[] before, byte[] behind) {
        this.all = all;
        this.header = header;
        this.body = body;
        this.before = before;
        this.behind = behind;
    }

    /** Draws a content with so many bytes from the source. */
    static SoakContent draw(Random random, int body, boolean framed, boolean holes, boolean bounded) {
        int header = framed ? random.nextInt(3000) : 0;
        int trailer = framed ? random.nextInt(3000) : 0;
        byte[] all = Content.PATTERN.bytes(random.nextInt(1 << 20), header + body + trailer);
        if (holes) {
            dig(random, all, header, header + body);
        }
        byte[] before = Content.PATTERN.bytes(random.nextInt(1 << 20), bounded ? random.nextInt(20_000) : 0);
        byte[] behind = Content.PATTERN.bytes(random.nextInt(1 << 20), bounded ? 1 + random.nextInt(20_000) : 0);
        return new SoakContent(all, header, body, before, behind);
    }

    private static void dig(Random random, byte[] all, int from, int to) {
        int at = from;
        while (at < to) {
            int end = Math.min(to, at + random.nextInt(100_000));
            if (random.nextBoolean()) {
                Arrays.fill(all, at, end, (byte) 0);
            }
            at = end;
        }
    }

    @Override
    public String toString() {
        return header + " + " + body + " + " + (all.length - header - body) + " bytes between " + before.length
                + " and " + behind.length;
    }

    int total() {
        return all.length;
    }

    int size() {
        return body;
    }

    int before() {
        return before.length;
    }

    ByteBuffer header() {
        return ByteBuffer.wrap(all, 0, header).slice();
    }

    ByteBuffer body() {
        return ByteBuffer.wrap(all, header, body).slice();
    }

    ByteBuffer trailer() {
        int at = header + body;
        return ByteBuffer.wrap(all, at, all.length - at).slice();
    }

    boolean isFramed() {
        return all.length > body;
    }

    /** Returns whether the source has more bytes than requested. */
    boolean isBounded() {
        return behind.length > 0;
    }

    /** Returns how many of the first bytes that arrive come from the source. */
    int ofBody(int arrived) {
        return Math.max(0, Math.min(arrived, header + body) - header);
    }

    /** Returns the bytes of a source without positions, in order. */
    byte[] stream() {
        byte[] stream = Arrays.copyOfRange(all, header, header + body + behind.length);
        System.arraycopy(behind, 0, stream, body, behind.length);
        return stream;
    }

    /** Writes a file with the body at its position; blocks of zeros become holes. */
    void writeTo(Path file) throws IOException {
        byte[] stream = stream();
        byte[] bytes = Arrays.copyOf(before, before.length + stream.length);
        System.arraycopy(stream, 0, bytes, before.length, stream.length);
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            for (int at = 0; at < bytes.length; at += BLOCK) {
                int n = Math.min(BLOCK, bytes.length - at);
                boolean last = at + n == bytes.length;
                if (last || Arrays.mismatch(bytes, at, at + n, new byte[n], 0, n) >= 0) {
                    out.write(ByteBuffer.wrap(bytes, at, n), at);
                }
            }
        }
    }

    /** Returns bytes for a target to have before the transfer, each different from the one expected at its place. */
    byte[] opposite(int from, int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            int at = from + i;
            bytes[i] = (byte) ~(at >= 0 && at < all.length ? all[at] : i);
        }
        return bytes;
    }

    /** Fails unless these bytes are the expected ones of this place. */
    void check(byte[] got, int offset, int count, int at) {
        int wrong = Arrays.mismatch(got, offset, offset + count, all, at, Math.min(all.length, at + count));
        if (wrong >= 0) {
            throw new AssertionError("byte " + (at + wrong) + " of " + all.length + " is not the source's");
        }
    }

    /** Returns how many bytes from the offset on are the expected ones. */
    int matching(byte[] got, int offset) {
        int wrong = Arrays.mismatch(got, offset, got.length, all, 0, all.length);
        return wrong < 0 ? all.length : wrong;
    }

    /** Fails unless these bytes are the source's, from this place of the body on. */
    void checkRest(byte[] got, int count, int at) {
        byte[] stream = stream();
        int wrong = Arrays.mismatch(got, 0, count, stream, at, Math.min(stream.length, at + count));
        if (wrong >= 0) {
            throw new AssertionError("byte " + (at + wrong) + " of the source is not what is left in it");
        }
    }
}
