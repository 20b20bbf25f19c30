package io.zerocopy.tests.faults;

import io.zerocopy.TransferException;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.kit.Content;
import io.zerocopy.tests.kit.Rig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs in a process of its own, whose system calls somebody makes fail: on every line that it reads it moves every pair
 * once, and prints for each what became of it. Only the thread that transfers meets the failures: its number is
 * printed first, and it does nothing else.
 */
final class InjectedSubject {
    private static final int SIZE = 300_000;
    private static final byte[] BYTES = Content.PATTERN.bytes(0, SIZE);

    /** The thread whose calls fail; it does nothing but transfer. */
    private static final ExecutorService MOVER = Executors.newSingleThreadExecutor();

    private static volatile Thread mover; // that one

    private InjectedSubject() {}

    /** One pair: what it moves, and what arrived. */
    private interface Visit {
        Outcome go() throws Exception;
    }

    private record Outcome(byte[] arrived, IOException failure, byte[] left) {}

    public static void main(String[] args) throws Exception {
        mover = MOVER.submit(Thread::currentThread).get();
        round(); // loads every class
        System.out.println("ready " + MOVER.submit(InjectedSubject::tid).get());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            for (String told : round()) {
                System.out.println(told);
            }
            System.out.println("end of round");
        }
        MOVER.shutdown();
    }

    /** A rig for each round, which counts the descriptors that it leaves. */
    private static String[] round() throws Exception {
        try (Rig rig = new Rig()) {
            return round(rig);
        }
    }

    private static String tid() throws IOException {
        return Path.of("/proc/thread-self").toRealPath().getFileName().toString();
    }

    private static String[] round(Rig rig) throws Exception {
        Path source = Files.write(rig.path("s"), BYTES);
        return new String[] {
            visit("file-file", () -> toFile(rig, Files.newByteChannel(source))),
            visit("file-tcp", () -> {
                try (var from = Files.newByteChannel(source)) {
                    return toSocket(rig, from);
                }
            }),
            visit("tcp-file", () -> {
                SocketChannel[] pair = rig.tcp();
                feed(rig, pair[0]);
                return toFile(rig, pair[1]);
            }),
            visit("tcp-tcp", () -> {
                SocketChannel[] pair = rig.tcp();
                feed(rig, pair[0]);
                return toSocket(rig, pair[1]);
            }),
            visit("pipe-file", () -> {
                Pipe pipe = rig.pipe();
                feed(rig, pipe.sink());
                return toFile(rig, pipe.source());
            }),
            visit("memory-tcp", () -> toSocket(rig, null)),
        };
    }

    private static String visit(String name, Visit visit) {
        try {
            Outcome outcome = visit.go();
            return name + " " + verdict(outcome);
        } catch (Throwable e) {
            return name + " WRONG " + e + " " + Arrays.asList(e.getStackTrace());
        }
    }

    private static String verdict(Outcome outcome) {
        byte[] all = outcome.arrived();
        if (!Arrays.equals(all, 0, all.length, BYTES, 0, Math.min(all.length, SIZE))) {
            return "WRONG bytes";
        }
        if (outcome.failure() == null) {
            return all.length == SIZE ? "same" : "WRONG: done with " + all.length;
        }
        if (!(outcome.failure() instanceof TransferException e)) {
            return all.length == 0 ? "refused " + outcome.failure() : "WRONG kind " + outcome.failure();
        }
        byte[] rest = new byte[e.remainder().remaining()];
        e.remainder().duplicate().get(rest);
        if (e.transferred() != all.length) {
            return "WRONG count " + e.transferred() + ", arrived " + all.length + " " + e;
        }
        byte[] left = outcome.left();
        if (left != null && all.length + rest.length + left.length != SIZE) {
            return "WRONG lost: arrived " + all.length + ", handed back " + rest.length + ", still there " + left.length
                    + " " + e;
        }
        boolean good = Arrays.equals(rest, 0, rest.length, BYTES, all.length, all.length + rest.length)
                && (left == null || Arrays.equals(left, 0, left.length, BYTES, all.length + rest.length, SIZE));
        return good ? "failed " + e.getMessage() : "WRONG remainder " + e;
    }

    private static void feed(Rig rig, WritableByteChannel into) {
        rig.peer(() -> {
            try (into) {
                ByteBuffer bytes = ByteBuffer.wrap(BYTES, 0, SIZE / 2);
                while (bytes.hasRemaining()) {
                    into.write(bytes);
                }
                untilItWaits();
                bytes.limit(SIZE);
                while (bytes.hasRemaining()) {
                    into.write(bytes);
                }
            }
            return null;
        });
    }

    /** So that the transfer has to wait for the rest; where it fails instead, only for a moment. */
    private static void untilItWaits() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            for (StackTraceElement frame : mover.getStackTrace()) {
                if (frame.getClassName().endsWith(".Readiness")) {
                    return;
                }
            }
            Thread.sleep(1);
        }
    }

    private static IOException moved(ReadableByteChannel source, WritableByteChannel target) throws Exception {
        return Rig.join(MOVER.submit(() -> copy(source, target)));
    }

    private static IOException copy(ReadableByteChannel source, WritableByteChannel target) {
        try {
            TransferResult result = source == null
                    ? Transfers.from(ByteBuffer.wrap(BYTES)).to(target).build().run()
                    : Transfers.copy(source, target);
            return result.bytes() == SIZE ? null : new IOException("counted " + result.bytes());
        } catch (IOException e) {
            return e;
        }
    }

    /** What the source still has, read by somebody whose calls do not fail. */
    private static byte[] left(ReadableByteChannel source, IOException failure) throws IOException {
        if (failure == null || source == null || source instanceof FileChannel) {
            return null;
        }
        return readAll(source);
    }

    private static byte[] readAll(ReadableByteChannel source) throws IOException {
        InputStream in = Channels.newInputStream(source);
        return in.readAllBytes();
    }

    private static Outcome toFile(Rig rig, ReadableByteChannel source) throws Exception {
        Path target = rig.path("t");
        try (source;
                WritableByteChannel to =
                        Files.newByteChannel(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            IOException failure = moved(source, to);
            byte[] left = left(source, failure);
            return new Outcome(Files.readAllBytes(target), failure, left);
        }
    }

    private static Outcome toSocket(Rig rig, ReadableByteChannel source) throws Exception {
        SocketChannel[] pair = rig.tcp();
        pair[0].setOption(StandardSocketOptions.SO_SNDBUF, 16 << 10); // fills, so that it takes several calls
        Future<byte[]> arrived = rig.peer(() -> readAll(pair[1]));
        IOException failure = moved(source, pair[0]);
        pair[0].shutdownOutput();
        byte[] left = left(source, failure);
        return new Outcome(Rig.join(arrived), failure, left);
    }
}
