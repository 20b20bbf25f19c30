package io.zerocopy.tests.waiting;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.RelayResult;
import io.zerocopy.Transfer;
import io.zerocopy.TransferFailure;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Runs transfers on virtual threads, in a JVM with a known number of carriers. Prints what it saw; an exception is a
 * failure.
 */
public final class VirtualThreadSubject {
    private static final int TICKS = 20;

    private VirtualThreadSubject() {}

    public static void main(String[] arguments) throws Exception {
        if (!Transfers.capabilities().isAvailable(Mechanism.SPLICE)) {
            throw new AssertionError(Transfers.capabilities().toString());
        }
        switch (arguments[0]) {
            case "stalls":
                for (String by : List.of("interrupt", "source", "target")) {
                    stalls(by);
                }
                break;
            case "crowd":
                crowd(Integer.parseInt(arguments[1]));
                break;
            default:
                relays(Integer.parseInt(arguments[1]));
                break;
        }
        System.out.println("selectors kept: " + selectors());
        System.out.println("all done");
    }

    private static long selectors() throws IOException {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.filter(VirtualThreadSubject::isEpoll).count();
        }
    }

    private static boolean isEpoll(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString().equals("anon_inode:[eventpoll]");
        } catch (IOException gone) {
            return false;
        }
    }

    private static <T> FutureTask<T> start(Callable<T> work, List<Thread> threads) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        threads.add((Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task));
        return task;
    }

    /**
     * Each mechanism waits for a peer that does nothing: another virtual thread still runs, and the wait can be ended.
     */
    private static void stalls(String by) throws Exception {
        for (String kind : List.of("tcp", "unix", "pipe")) {
            for (Mechanism mechanism : List.of(Mechanism.SPLICE, Mechanism.READ_WRITE)) {
                try (TestFixture fixture = new TestFixture()) {
                    Channel source = kind.equals("pipe") ? fixture.pipe().source() : sockets(fixture, kind)[0];
                    FileChannel target = fixture.keep(FileChannel.open(
                            fixture.path("t"),
                            java.nio.file.StandardOpenOption.CREATE,
                            java.nio.file.StandardOpenOption.WRITE));
                    stall(
                            kind + " source by " + mechanism,
                            Transfers.from((java.nio.channels.ReadableByteChannel) source)
                                    .to(target)
                                    .use(mechanism, Preference.REQUIRE)
                                    .build(),
                            by,
                            source,
                            target);
                }
            }
            for (Mechanism mechanism : List.of(Mechanism.SENDFILE, Mechanism.SPLICE, Mechanism.READ_WRITE)) {
                try (TestFixture fixture = new TestFixture()) {
                    Channel target = kind.equals("pipe") ? fixture.pipe().sink() : sockets(fixture, kind)[0];
                    FileChannel source = fixture.keep(FileChannel.open(fixture.file(24 << 20)));
                    stall(
                            kind + " target by " + mechanism,
                            Transfers.from(source)
                                    .to((java.nio.channels.WritableByteChannel) target)
                                    .use(mechanism, Preference.REQUIRE)
                                    .build(),
                            by,
                            source,
                            target);
                }
            }
        }
    }

    private static SocketChannel[] sockets(TestFixture fixture, String kind) throws IOException {
        return kind.equals("tcp") ? fixture.tcp() : fixture.unix();
    }

    private static void stall(String what, Transfer transfer, String by, Channel source, Channel target)
            throws Exception {
        AtomicLong ticks = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        Future<Throwable> moving = start(
                () -> {
                    try {
                        transfer.run();
                        return null;
                    } catch (IOException e) {
                        return e;
                    }
                },
                threads);
        Future<Void> ticking = start(
                () -> {
                    while (!over.get()) {
                        ticks.incrementAndGet();
                        Thread.sleep(1);
                    }
                    return null;
                },
                threads);
        TestFixture.until(what + ": it waits", () -> isParked(threads.get(0)));
        long before = ticks.get();
        TestFixture.until(what + ": the other thread runs on", () -> ticks.get() - before > TICKS);
        long start = System.nanoTime();
        if (by.equals("interrupt")) {
            threads.get(0).interrupt();
        } else {
            (by.equals("source") ? source : target).close();
        }
        Throwable failure = TestFixture.join(moving);
        long millis = (System.nanoTime() - start) / 1_000_000;
        if (!(failure instanceof TransferFailure)) {
            throw new AssertionError(what + " by " + by + ": " + failure);
        }
        over.set(true);
        TestFixture.join(ticking);
        System.out.println(what + ", ended by " + by + " after " + millis + " ms");
    }

    private static boolean isParked(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    /** Runs many transfers at a time; each of them waits for its peer many times. */
    private static void crowd(int size) throws Exception {
        List<Thread> threads = new ArrayList<>();
        try (TestFixture fixture = new TestFixture()) {
            Path file = fixture.file(300_000);
            List<Future<Long>> counts = new ArrayList<>();
            List<SocketChannel> writers = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                SocketChannel[] pair = fixture.tcp();
                writers.add(pair[0]);
                Path target = fixture.path("t");
                counts.add(start(() -> Transfers.copy(pair[1], target).bytes(), threads));
            }
            TestFixture.until("all wait", () -> threads.stream().allMatch(VirtualThreadSubject::isParked));
            long cpu = cpu();
            long start = System.nanoTime();
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000_000);
            System.out.println(
                    "CPU while " + size + " wait: " + 100 * (cpu() - cpu) / (System.nanoTime() - start) + " %");
            List<Future<Void>> sent = new ArrayList<>();
            for (SocketChannel writer : writers) {
                sent.add(start(
                        () -> {
                            Transfers.copy(file, writer);
                            writer.close();
                            return null;
                        },
                        threads));
            }
            for (int i = 0; i < size; i++) {
                TestFixture.join(sent.get(i));
                if (TestFixture.join(counts.get(i)) != 300_000) {
                    throw new AssertionError(
                            "transfer " + i + " moved " + counts.get(i).get());
                }
            }
        }
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Runs blocking relays, each on one virtual thread, with a tail of small segments after which nothing comes. */
    private static void relays(int size) throws Exception {
        List<Thread> threads = new ArrayList<>();
        try (TestFixture fixture = new TestFixture()) {
            for (int i = 0; i < size; i++) {
                SocketChannel[] client = fixture.tcp();
                SocketChannel[] server = i % 2 == 0 ? fixture.tcp() : fixture.unix();
                Future<RelayResult> relay = start(
                        () -> Transfers.relay(client[1], server[0]).build().run(), threads);
                client[0].setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
                for (int segment = 0; segment < 50; segment++) {
                    client[0].write(ByteBuffer.wrap(Content.PATTERN.bytes(segment * 100, 100)));
                }
                Content.Check check = new Content.Check(Content.PATTERN);
                byte[] buffer = new byte[5000];
                while (check.count() < 5000) {
                    check.feed(buffer, Channels.newInputStream(server[1]).read(buffer));
                }
                client[0].shutdownOutput();
                server[1].shutdownOutput();
                if (TestFixture.join(relay).leftToRight().bytes() != 5000) {
                    throw new AssertionError("relay " + i);
                }
            }
        }
    }
}
