package io.zerocopy.linux.internal.model;

import com.sun.jna.Pointer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** A pipe of the {@link ModelKernel}, which fills by slots, as in Linux, and not only by bytes. */
final class ModelPipe {
    static final int CAPACITY = 65_536;
    private static final int SLOTS = 16;

    private final Deque<byte[]> parts = new ArrayDeque<>();

    int held() {
        return parts.stream().mapToInt(part -> part.length).sum();
    }

    int room() {
        return parts.size() >= SLOTS ? 0 : CAPACITY - held();
    }

    void put(byte[] part) {
        if (part.length > 0) {
            parts.addLast(part);
        }
    }

    byte[] take(long count) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (!parts.isEmpty() && all.size() < count) {
            byte[] part = parts.removeFirst();
            int n = (int) Math.min(part.length, count - all.size());
            all.write(part, 0, n);
            if (n < part.length) {
                parts.addFirst(Arrays.copyOfRange(part, n, part.length));
            }
        }
        return all.toByteArray();
    }

    /** Bytes of native memory. */
    static byte[] part(long address, long count) {
        return count == 0 ? new byte[0] : new Pointer(address).getByteArray(0, (int) count);
    }

    /** Bytes of a table of parts, see readv(2). */
    static byte[] vector(long table, int count) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            Pointer entry = new Pointer(table + i * 16L);
            all.writeBytes(part(entry.getLong(0), entry.getLong(8)));
        }
        return all.toByteArray();
    }
}
