package io.zerocopy.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.TransferFailure;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;

/** Stories of {@link DifferentialTest} about foreign channels and files. */
final class OddChannels {
    private static final int MOST = 200_000;

    private OddChannels() {}

    /** Returns the answer of a call that has moved so many bytes: usually the true number. */
    private static int told(Random random, int moved) {
        return switch (random.nextInt(40)) {
            case 0 -> moved + 1 + random.nextInt(100);
            case 1 -> moved - 1 - random.nextInt(100);
            case 2 -> Integer.MAX_VALUE;
            default -> moved;
        };
    }

    private abstract static class Open {
        public boolean isOpen() {
            return true;
        }

        public void close() {
            throw new AssertionError("not theirs to close");
        }
    }

    /**
     * The bytes that have arrived are a prefix of the expected ones, and the account is correct, whatever the target
     * answers.
     */
    static void lyingTarget(TestFixture fixture, Random random) throws Exception {
        byte[] bytes = DifferentialTest.bytes(random, MOST);
        Path source = fixture.path("s");
        Files.write(source, bytes);
        ByteArrayOutputStream arrived = new ByteArrayOutputStream();
        class Target extends Open implements WritableByteChannel {
            @Override
            public int write(ByteBuffer from) {
                byte[] some = new byte[random.nextInt(Math.min(40_000, from.remaining()) + 1)];
                from.get(some);
                arrived.writeBytes(some);
                return told(random, some.length);
            }
        }
        long counted;
        boolean failed = false;
        try {
            counted = DifferentialTest.by(random, Transfers.from(source).to(new Target()))
                    .build()
                    .run()
                    .bytes();
        } catch (IOException e) {
            counted = ((TransferFailure) e).transferred();
            failed = true;
        }
        requireBeginning(arrived.toByteArray(), bytes, counted, failed);
    }

    static void lyingSource(TestFixture fixture, Random random) throws Exception {
        byte[] bytes = DifferentialTest.bytes(random, MOST);
        Path target = fixture.path("t");
        int[] taken = {0};
        class Source extends Open implements ReadableByteChannel {
            @Override
            public int read(ByteBuffer into) {
                if (taken[0] == bytes.length) {
                    return -1;
                }
                int n = Math.min(random.nextInt(40_000), Math.min(into.remaining(), bytes.length - taken[0]));
                into.put(bytes, taken[0], n);
                taken[0] += n;
                return told(random, n);
            }
        }
        long counted;
        int handedBack = 0;
        boolean failed = false;
        try {
            counted = DifferentialTest.by(random, Transfers.from(new Source()).to(target))
                    .build()
                    .run()
                    .bytes();
        } catch (IOException e) {
            counted = ((TransferFailure) e).transferred();
            handedBack = ((TransferFailure) e).remainder().remaining();
            failed = true;
        }
        byte[] arrived = Files.exists(target) ? Files.readAllBytes(target) : new byte[0];
        requireBeginning(arrived, bytes, counted, failed);
        assertThat(counted + handedBack).as("of what was taken").isEqualTo(taken[0]);
    }

    private static void requireBeginning(byte[] arrived, byte[] of, long counted, boolean failed) {
        assertThat(counted).as("the account").isEqualTo(arrived.length);
        if (!failed) {
            assertThat(arrived.length).isEqualTo(of.length);
        }
        assertThat(arrived.length).isLessThanOrEqualTo(of.length);
        assertThat(Arrays.mismatch(arrived, 0, arrived.length, of, 0, arrived.length))
                .isEqualTo(-1);
    }

    /** Ranges that do not overlap are copied; if they overlap, nothing is copied. */
    static void twoOverOneFile(TestFixture fixture, Random random) throws Exception {
        byte[] bytes = DifferentialTest.bytes(random, MOST);
        Path file = fixture.path("f");
        Files.write(file, bytes);
        int from = random.nextInt(bytes.length);
        int count = random.nextInt(bytes.length - from + 1);
        int to = random.nextInt(2 * bytes.length);
        byte[] expected = Arrays.copyOf(bytes, count == 0 ? bytes.length : Math.max(bytes.length, to + count));
        if (count > 0) {
            System.arraycopy(bytes, from, expected, to, count);
        }
        boolean overlap = count > 0 && to < from + count && from < to + count;
        boolean refused = false;
        try (FileChannel one = FileChannel.open(file);
                FileChannel two = FileChannel.open(file, StandardOpenOption.WRITE)) {
            DifferentialTest.by(
                            random,
                            Transfers.from(one).range(from, count).to(two).targetPosition(to))
                    .build()
                    .run();
        } catch (IllegalArgumentException e) {
            refused = true;
        }
        assertThat(refused && !overlap).as("refused for nothing").isFalse();
        byte[] now = Files.readAllBytes(file);
        byte[] wanted = refused ? bytes : expected;
        assertThat(now.length).isEqualTo(wanted.length);
        assertThat(Arrays.mismatch(now, wanted)).isEqualTo(-1);
    }
}
