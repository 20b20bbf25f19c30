package io.zerocopy.tests.soak;

import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * A process that runs random transfers on several threads for some seconds, then prints what it holds. At the same time
 * a thread opens files, writes to them and closes them as fast as it can. A call on a descriptor whose number belongs
 * to another file by then would show in one of those files, or in a transfer.
 */
public final class SoakSubject {
    private static final int WORKERS = 4;
    private static final int WARM_UP = 150; // transfers of each worker before the first count

    private final List<Path> directories = new ArrayList<>(); // the last one shares extents, if any does
    private final long seed;
    private final AtomicLong played = new AtomicLong();
    private final AtomicReference<String> wrong = new AtomicReference<>();
    private volatile long deadline;

    private SoakSubject(long seed, List<String> fileSystems) throws IOException {
        this.seed = seed;
        directories.add(Files.createTempDirectory("zerocopy-soak"));
        for (String where : fileSystems) {
            directories.add(Files.createTempDirectory(Path.of(where), "zerocopy-soak"));
        }
    }

    /** The numbers of things that a process can leak. */
    private record Held(long descriptors, long pipes, long threads, long mapped, long direct) {
        static Held now() throws IOException {
            List<String> open = new ArrayList<>();
            try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
                fds.forEach(fd -> open.add(target(fd)));
            }
            long pipes = open.stream().filter(name -> name.startsWith("pipe:")).count();
            long others = open.stream()
                    .filter(name -> !name.startsWith("pipe:") && !name.endsWith("/fd"))
                    .count();
            long threads = ManagementFactory.getThreadMXBean().getThreadCount();
            return new Held(others, pipes, threads, pool("mapped"), pool("direct"));
        }

        private static String target(Path fd) {
            try {
                return Files.readSymbolicLink(fd).toString();
            } catch (IOException gone) {
                return "/fd";
            }
        }

        private static long pool(String name) {
            return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals(name))
                    .mapToLong(BufferPoolMXBean::getMemoryUsed)
                    .sum();
        }

        /** Returns whether there is no leak. Idle pipes and buffers are in bounded pools of the library. */
        boolean within(Held before) {
            return descriptors <= before.descriptors
                    && pipes <= Math.max(before.pipes, 2 * 64)
                    && threads <= before.threads
                    && mapped <= before.mapped + SoakMix.MAY_BE_MAPPED.get()
                    && direct <= before.direct + SoakMix.MAY_BE_SENDING.get() + (32 << 20);
        }
    }

    public static void main(String[] arguments) throws Exception {
        long seconds = Long.parseLong(arguments[0]);
        List<String> fileSystems = List.of(arguments).subList(2, arguments.length);
        SoakSubject soak = new SoakSubject(Long.parseLong(arguments[1]), fileSystems);
        soak.deadline = Long.MAX_VALUE;
        soak.round(WARM_UP, 0);
        Held before = Held.now();
        soak.deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        soak.round(Integer.MAX_VALUE, WARM_UP);
        Held after = Held.now();
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestFixture.DEADLINE_SECONDS);
        while (!after.within(before) && System.nanoTime() < patience) {
            System.gc(); // frees the test's own buffers
            Thread.sleep(100);
            after = Held.now();
        }
        for (Path directory : soak.directories) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        System.out.println(SoakTally.table() + "never done " + SoakTally.idle() + "\n" + "before " + before
                + "\nafter  " + after + "\nplayed " + soak.played.get() + ", left mapped by interrupts at most "
                + SoakMix.MAY_BE_MAPPED.get() + ", held for sends at most " + SoakMix.MAY_BE_SENDING.get());
        if (soak.wrong.get() != null) {
            System.out.println("WRONG " + soak.wrong.get());
        }
        System.out.println(soak.wrong.get() == null && after.within(before) ? "clean" : "not clean");
    }

    private void round(int most, int first) throws Exception {
        ExecutorService peers = Executors.newCachedThreadPool();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            long mine = seed + i * 1_000_000_000L + first;
            threads.add(new Thread(() -> work(mine, most, peers), "worker " + i));
        }
        Thread churn = new Thread(this::churn, "churn");
        threads.forEach(Thread::start);
        churn.start();
        for (Thread thread : threads) {
            thread.join();
        }
        churn.interrupt();
        churn.join();
        peers.shutdown();
        if (!peers.awaitTermination(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("peers do not end");
        }
    }

    private void work(long first, int most, ExecutorService peers) {
        for (int i = 0; i < most && wrong.get() == null && System.nanoTime() - deadline < 0; i++) {
            Object play = (first + i) % 10 == 0
                    ? new SoakRelay(first + i, peers, directories)
                    : new SoakMix(first + i, peers, directories);
            try {
                if (play instanceof SoakRelay relay) {
                    relay.play();
                } else {
                    ((SoakMix) play).play();
                }
                played.incrementAndGet();
            } catch (Exception | Error e) {
                java.io.StringWriter trace = new java.io.StringWriter();
                e.printStackTrace(new java.io.PrintWriter(trace));
                wrong.compareAndSet(null, "seed " + (first + i) + ": " + play + "\n" + trace);
            }
        }
        try {
            SoakPlace.closeServer();
        } catch (IOException e) {
            wrong.compareAndSet(null, "server: " + e);
        }
    }

    private void churn() {
        long number = 0;
        try {
            Path file = Files.createTempFile(directories.get(0), "churn", null);
            ByteBuffer block = ByteBuffer.allocate(64);
            while (!Thread.currentThread().isInterrupted()) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    block.clear().putLong(0, ++number);
                    channel.write(block, 0);
                    channel.read(block.clear(), 0);
                    if (channel.size() != 64 || channel.position() != 0 || block.getLong(0) != number) {
                        wrong.compareAndSet(null, "somebody else's call went to a file of the churn");
                    }
                }
            }
        } catch (java.nio.channels.ClosedByInterruptException over) {
            return;
        } catch (IOException e) {
            wrong.compareAndSet(null, "churn: " + e);
        }
    }
}
