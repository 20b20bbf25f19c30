package io.zerocopy.nio.internal.strategies;

import io.zerocopy.Preference;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Methods that several tests of movers need. */
public final class Fixtures {
    private Fixtures() {}

    /** Returns bytes that depend on their position: no two pages are alike. */
    public static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + (i >>> 8) * 7 + (i >>> 16));
        }
        return bytes;
    }

    public static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    public static TransferRequest all(long targetPosition) {
        return request(0, targetPosition, Preference.AUTO);
    }

    public static TransferRequest request(long sourcePosition, long targetPosition, Preference preference) {
        return new TransferRequest(sourcePosition, targetPosition, Long.MAX_VALUE, false, preference);
    }

    /** Steps until the mover returns a code instead of a count; returns how many bytes moved. */
    public static long drain(Mover mover, long sourcePosition, long targetPosition, long count) throws IOException {
        long moved = 0;
        while (moved < count) {
            long n = mover.step(
                    sourcePosition + moved,
                    targetPosition < 0 ? Target.NO_POSITION : targetPosition + moved,
                    count - moved);
            if (n == Step.END) {
                return moved;
            }
            if (n <= 0 || n > count - moved) {
                throw new AssertionError("step answered " + n + " " + mover.declinedBecause());
            }
            moved += n;
        }
        return moved;
    }

    static long mappings(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(file.getFileName().toString()))
                    .count();
        }
    }
}
