package io.zerocopy.tests.faults;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferException;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.linux.LinuxProvider;
import io.zerocopy.linux.sys.Binding;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.nio.NioProvider;
import io.zerocopy.tests.contract.Content;
import io.zerocopy.tests.contract.Rig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
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
import java.util.List;
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

    /** Whether each transfer finds the kernel anew: probes, the first pipe of a pool, the first ring. */
    private static volatile boolean cold;

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
            cold = line.equals("cold");
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
            visit("file-ring", () -> toFile(rig, Files.newByteChannel(source), Mechanism.IO_URING)),
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

    private static IOException moved(ReadableByteChannel source, WritableByteChannel target, Mechanism wished)
            throws Exception {
        return Rig.join(MOVER.submit(() -> copy(source, target, wished)));
    }

    private static IOException copy(ReadableByteChannel source, WritableByteChannel target, Mechanism wished)
            throws ReflectiveOperationException {
        try {
            Transfer.Builder builder = source == null ? Transfers.from(ByteBuffer.wrap(BYTES)) : Transfers.from(source);
            if (wished != null) {
                builder.use(wished, Preference.AUTO);
            }
            Transfer transfer = builder.to(target).build();
            if (cold) {
                findAnew(transfer);
            }
            TransferResult result = transfer.run();
            return result.bytes() == SIZE ? null : new IOException("counted " + result.bytes());
        } catch (IOException e) {
            return e;
        }
    }

    /** A transfer looks its providers up once for the process; here it gets its own. */
    private static void findAnew(Transfer transfer) throws ReflectiveOperationException {
        Object kernel = made(Class.forName("io.zerocopy.linux.internal.Kernel"), Syscalls.class, Binding.load());
        Object linux = made(LinuxProvider.class, kernel.getClass(), kernel);
        List<Object> both = List.of(linux, new NioProvider());
        Field providers = transfer.getClass().getDeclaredField("providers");
        providers.setAccessible(true);
        providers.set(transfer, made(Class.forName("io.zerocopy.internal.Providers"), List.class, both));
    }

    private static Object made(Class<?> type, Class<?> parameter, Object argument) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructor(parameter);
        constructor.setAccessible(true);
        return constructor.newInstance(argument);
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
        return toFile(rig, source, null);
    }

    private static Outcome toFile(Rig rig, ReadableByteChannel source, Mechanism wished) throws Exception {
        Path target = rig.path("t");
        try (source;
                WritableByteChannel to =
                        Files.newByteChannel(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            IOException failure = moved(source, to, wished);
            byte[] left = left(source, failure);
            return new Outcome(Files.readAllBytes(target), failure, left);
        }
    }

    private static Outcome toSocket(Rig rig, ReadableByteChannel source) throws Exception {
        SocketChannel[] pair = rig.tcp();
        pair[0].setOption(StandardSocketOptions.SO_SNDBUF, 16 << 10); // fills, so that it takes several calls
        Future<byte[]> arrived = rig.peer(() -> readAll(pair[1]));
        IOException failure = moved(source, pair[0], null);
        pair[0].shutdownOutput();
        byte[] left = left(source, failure);
        return new Outcome(Rig.join(arrived), failure, left);
    }
}
