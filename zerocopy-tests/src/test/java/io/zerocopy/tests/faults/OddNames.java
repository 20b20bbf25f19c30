package io.zerocopy.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.TransferFailure;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Stories of {@link DifferentialTest} about a name that is a file at one moment, then a FIFO that nobody else opens, a link, a
 * directory, another file, or nothing. A transfer is one of what it has opened, or fails in time.
 */
final class OddNames {
    private static final int MOST = 100_000;
    private static final int RUNS = 4;
    private static final Duration LIMIT = Duration.ofMillis(20);

    private OddNames() {}

    /** What the name stands for, one after the other. */
    private static final class Name implements AutoCloseable {
        final Path path;
        final Path one;
        final Path other;
        private final Path spare;
        private final Path fifo;
        private final AtomicBoolean over = new AtomicBoolean();
        private final Future<Void> changes;

        Name(TestFixture fixture, Random random, byte[] first, byte[] second) throws IOException {
            path = fixture.path("name");
            spare = fixture.path("spare");
            one = Files.write(fixture.path("one"), first);
            other = Files.write(fixture.path("other"), second);
            fifo = fixture.fifo();
            Files.createLink(path, one);
            long seed = random.nextLong();
            changes = fixture.peer(() -> change(new Random(seed)));
        }

        private Void change(Random random) throws IOException {
            while (!over.get()) {
                switch (random.nextInt(5)) {
                    case 0 -> become(fifo, false);
                    case 1 -> become(other, true);
                    case 2 -> becomeDirectory();
                    case 3 -> become(other, false);
                    default -> become(one, false);
                }
            }
            clear();
            return null;
        }

        private void become(Path what, boolean link) throws IOException {
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                clear();
            }
            Files.deleteIfExists(spare);
            if (link) {
                Files.createSymbolicLink(spare, what);
            } else {
                Files.createLink(spare, what);
            }
            Files.move(spare, path, StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(spare); // a rename to another name of the same file leaves both
        }

        private void becomeDirectory() throws IOException {
            clear();
            try {
                Files.createDirectory(path);
            } catch (FileAlreadyExistsException madeByATransfer) {
                return;
            }
        }

        private void clear() throws IOException {
            Files.deleteIfExists(path);
        }

        @Override
        public void close() throws IOException {
            over.set(true);
            try {
                TestFixture.join(changes);
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }

    static void source(TestFixture fixture, Random random) throws Exception {
        byte[] first = DifferentialTest.bytes(random, MOST);
        byte[] second = DifferentialTest.bytes(random, MOST);
        try (Name name = new Name(fixture, random, first, second)) {
            for (int i = 0; i < RUNS; i++) {
                Path target = fixture.path("t");
                try {
                    DifferentialTest.by(random, Transfers.from(name.path).to(target))
                            .timeout(LIMIT)
                            .build()
                            .run();
                } catch (IOException inTime) {
                    continue;
                }
                byte[] arrived = Files.readAllBytes(target);
                assertThat(Arrays.equals(arrived, first) || Arrays.equals(arrived, second))
                        .as("%d bytes of %d or %d", arrived.length, first.length, second.length)
                        .isTrue();
            }
        }
    }

    static void target(TestFixture fixture, Random random) throws Exception {
        byte[] bytes = DifferentialTest.bytes(random, MOST);
        byte[] before = new byte[1 + random.nextInt(MOST)];
        try (Name name = new Name(fixture, random, before, before)) {
            for (int i = 0; i < RUNS; i++) {
                long moved = bytes.length;
                try {
                    DifferentialTest.by(
                                    random,
                                    Transfers.from(ByteBuffer.wrap(bytes)).to(name.path))
                            .timeout(LIMIT)
                            .build()
                            .run();
                } catch (IOException inTime) {
                    moved = TransferFailure.of(inTime)
                            .map(TransferFailure::transferred)
                            .orElse(0L);
                }
                for (Path file : new Path[] {name.one, name.other}) {
                    byte[] now = Files.readAllBytes(file);
                    boolean untouched = Arrays.equals(now, before);
                    boolean written = Arrays.equals(now, Arrays.copyOf(bytes, (int) moved));
                    assertThat(untouched || written)
                            .as("%d bytes, after %d of %d", now.length, moved, bytes.length)
                            .isTrue();
                    Files.write(file, before);
                }
            }
        }
    }
}
