package io.zerocopy.tests.faults;

import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import io.zerocopy.tests.faults.InjectedMover.Moved;
import io.zerocopy.tests.faults.InjectedSubject.Outcome;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;

/** The pairs that {@link InjectedSubject} moves by name: copies, holes, FIFOs, and a file onto itself. */
final class InjectedFiles {
    private static final int SIZE = InjectedMover.SIZE;
    private static final byte[] BYTES = InjectedMover.bytes();
    private static final byte[] OLD = {1, 2, 3};

    private final InjectedMover mover;

    InjectedFiles(InjectedMover mover) {
        this.mover = mover;
    }

    void addTo(Map<String, InjectedPairs.Visit> all) {
        all.put("atomic", fixture -> copied(fixture, StandardCopyOption.ATOMIC_MOVE));
        all.put("attributes", fixture -> copied(fixture, StandardCopyOption.COPY_ATTRIBUTES));
        all.put("holes", this::holes);
        all.put("fifo", this::fifo);
        all.put("own", this::own);
    }

    /**
     * A copy exists completely or not at all, and leaves no other file. A file that an atomic copy was to replace
     * stays.
     */
    private Outcome copied(TestFixture fixture, CopyOption how) throws Exception {
        Path folder = Files.createDirectory(fixture.path("folder"));
        Path source = Files.write(fixture.path("s"), BYTES);
        Path target = folder.resolve("t");
        boolean atomic = how == StandardCopyOption.ATOMIC_MOVE;
        if (atomic) {
            Files.write(target, OLD);
        }
        IOException failure = mover.on(() -> {
            try {
                long bytes = Transfers.copy(source, target, how, StandardCopyOption.REPLACE_EXISTING)
                        .bytes();
                return bytes == SIZE ? null : new IOException("counted " + bytes);
            } catch (IOException e) {
                return e;
            }
        });
        byte[] there = Files.exists(target) ? Files.readAllBytes(target) : new byte[0];
        boolean kept = atomic ? Arrays.equals(there, OLD) || Arrays.equals(there, BYTES) : there.length == 0;
        String remark = failure == null || kept ? "" : " WRONG target of " + there.length + " bytes";
        try (var beside = Files.list(folder)) {
            remark += beside.filter(path -> !path.equals(target)).count() == 0 ? "" : " WRONG staged file left";
        }
        return new Outcome(failure == null ? BYTES : there, there, null, null, remark + told(failure));
    }

    private static String told(IOException failure) {
        return failure == null ? "" : ", " + failure;
    }

    /** Data, then a hole up to the end; if the hole is counted, the target has it. */
    private Outcome holes(TestFixture fixture) throws Exception {
        Path source = Files.write(fixture.path("s"), Arrays.copyOf(BYTES, 20_000));
        try (RandomAccessFile file = new RandomAccessFile(source.toFile(), "rw")) {
            file.setLength(SIZE);
        }
        Path target = fixture.path("t");
        Moved moved = mover.moved(() -> Transfers.from(source).to(target).build());
        byte[] arrived = Files.exists(target) ? Files.readAllBytes(target) : new byte[0];
        return new Outcome(Files.readAllBytes(source), arrived, moved.failure(), null, moved.remark());
    }

    private Outcome fifo(TestFixture fixture) throws Exception {
        Path fifo = fixture.fifo();
        FileChannel sink = fixture.keep(FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE));
        sink.write(ByteBuffer.wrap(BYTES, 0, 60_000));
        Path target = fixture.path("t");
        IOException failure = mover.moved(
                        () -> Transfers.from(fifo).count(60_000).to(target).build())
                .failure();
        boolean counted = failure != null && "counted 60000".equals(failure.getMessage());
        sink.close();
        byte[] arrived = Files.exists(target) ? Files.readAllBytes(target) : new byte[0];
        return new Outcome(Arrays.copyOf(BYTES, 60_000), arrived, counted ? null : failure, null, "");
    }

    /**
     * Copies a channel onto the file that it reads: this is refused, even if the library knows little of both ends, and
     * the file does not change.
     */
    private Outcome own(TestFixture fixture) throws Exception {
        Path file = Files.write(fixture.path("s"), BYTES);
        String told;
        try (FileChannel source = FileChannel.open(file)) {
            told = mover.on(() -> {
                try {
                    Transfer transfer = Transfers.from(source).to(file).build();
                    mover.findAnew(transfer);
                    return " WRONG " + transfer.run();
                } catch (IOException | IllegalArgumentException e) {
                    return "";
                }
            });
        }
        return new Outcome(BYTES, Files.readAllBytes(file), null, null, told);
    }
}
