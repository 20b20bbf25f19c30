package io.zerocopy.tests.contract;

import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Holds everything that one test opens (files, sockets, pipes) and closes it in reverse order. Closing fails if a
 * descriptor that was opened meanwhile is still open. {@link #join} returns the outcome of a peer on another thread.
 */
public final class TestFixture implements AutoCloseable {
    /** So long that a machine which is slow and busy besides does not reach it; only what never comes does. */
    public static final long DEADLINE_SECONDS = 300;

    /** Set in a JVM in which virtual threads wait: the JDK and the library then keep some selectors. */
    private static volatile boolean keepsSelectors = Boolean.getBoolean("zerocopy.test.keepsSelectors");

    private static boolean warm;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<Thread> peers = new ArrayList<>();
    private final Path directory;
    private final long descriptors;
    private final long patience;
    private int names;

    public TestFixture() throws IOException {
        this(Path.of(System.getProperty("java.io.tmpdir")));
    }

    public TestFixture(Path parent) throws IOException {
        this(parent, DEADLINE_SECONDS);
    }

    /** Creates a fixture that waits up to {@code patience} seconds for descriptors to be closed. */
    TestFixture(Path parent, long patience) throws IOException {
        warmUp();
        this.patience = patience;
        descriptors = descriptors();
        directory = Files.createTempDirectory(parent, "zerocopy-test");
    }

    /** Like the property {@code zerocopy.test.keepsSelectors}, for one test in this JVM; reset it after the test. */
    public static void keepsSelectors(boolean keeps) {
        keepsSelectors = keeps;
    }

    /**
     * Opens what the JDK and the library open once per process, so that it does not look like a leak of the first test.
     */
    private static synchronized void warmUp() throws IOException {
        if (!warm) {
            Transfers.capabilities();
            SocketChannel[] pair = pair(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null);
            pair[0].close();
            pair[1].close();
            warm = true;
        }
    }

    /** Counts the descriptors of this process; -1 if they cannot be counted. */
    public static long descriptors() throws IOException {
        Path fds = Path.of("/proc/self/fd");
        if (!Files.isDirectory(fds)) {
            return -1;
        }
        try (Stream<Path> entries = Files.list(fds)) {
            return entries.filter(fd -> !ofTheProcess(fd)).count() - 1; // the listing itself
        }
    }

    /**
     * Returns whether a descriptor is not a leak of a test: pipes in the library's bounded pool (another test checks
     * their number), and descriptors that the JVM opens when it first needs a class or a random number.
     */
    private static boolean ofTheProcess(Path fd) {
        try {
            String target = Files.readSymbolicLink(fd).toString();
            return target.startsWith("pipe:")
                    || (keepsSelectors && target.startsWith("anon_inode:"))
                    || target.endsWith(".jar")
                    || target.endsWith("/lib/modules")
                    || target.endsWith("random");
        } catch (IOException gone) {
            return true;
        }
    }

    /** Lists what the descriptors that may be leaks refer to. */
    private static List<String> openNow() {
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.filter(fd -> !ofTheProcess(fd))
                    .map(fd -> {
                        try {
                            return fd.getFileName() + " " + Files.readSymbolicLink(fd);
                        } catch (IOException gone) {
                            return fd.getFileName() + " gone";
                        }
                    })
                    .toList();
        } catch (IOException e) {
            return List.of(e.toString());
        }
    }

    public Path directory() {
        return directory;
    }

    public Path path(String name) {
        return directory.resolve(names++ + "-" + name);
    }

    public Path file(long size) throws IOException {
        Path file = path("file");
        Content.PATTERN.writeFile(file, size);
        return file;
    }

    public Path fifo() throws IOException {
        Path fifo = path("fifo");
        run("mkfifo", fifo.toString());
        keep(() -> new RandomAccessFile(fifo.toFile(), "rw").close()); // wakes a peer that waits in open(2)
        return fifo;
    }

    public static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        try {
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException(String.join(" ", command) + " ended with " + code + ": " + output);
            }
            return output;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Two connected sockets: [0] for the test, [1] for its peer. */
    public SocketChannel[] tcp() throws IOException {
        return keep(pair(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null));
    }

    public SocketChannel[] unix() throws IOException {
        Path socket = path("socket");
        return keep(pair(null, UnixDomainSocketAddress.of(socket)));
    }

    private static SocketChannel[] pair(InetSocketAddress tcp, UnixDomainSocketAddress unix) throws IOException {
        try (ServerSocketChannel server =
                unix == null ? ServerSocketChannel.open() : ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(unix == null ? tcp : unix);
            SocketChannel one = SocketChannel.open(server.getLocalAddress());
            return new SocketChannel[] {one, server.accept()};
        }
    }

    private SocketChannel[] keep(SocketChannel[] pair) {
        keep(pair[0]);
        keep(pair[1]);
        return pair;
    }

    public Pipe pipe() throws IOException {
        Pipe pipe = Pipe.open();
        keep(pipe.source());
        keep(pipe.sink());
        return pipe;
    }

    public <T extends AutoCloseable> T keep(T closeable) {
        open.push(closeable);
        return closeable;
    }

    /** Runs a task in parallel to the test. It must end when its channels are closed; {@link #join} waits for it. */
    public <T> Future<T> peer(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "peer");
        thread.setDaemon(true);
        peers.add(thread);
        thread.start();
        return task;
    }

    /** Returns whether a peer is currently executing code of a class. */
    public boolean peersIn(String type) {
        return peers.stream()
                .anyMatch(peer -> Arrays.stream(peer.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(type)));
    }

    /** Whether a thread waits for an end of a transfer right now: inside a port's {@code await}. */
    public static boolean waits(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(f ->
                        f.getMethodName().equals("await") && f.getClassName().startsWith("io.zerocopy"));
    }

    public void interruptPeers() {
        peers.forEach(Thread::interrupt);
    }

    public static <T> T join(Future<T> future) throws Exception {
        try {
            return future.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        } catch (TimeoutException e) {
            throw new AssertionError("nothing came of it within " + DEADLINE_SECONDS + " s", e);
        }
    }

    /** Waits until a condition is true; checks it every millisecond. */
    public static void until(String what, BooleanSupplier condition) {
        until(DEADLINE_SECONDS, () -> what, condition);
    }

    static void until(long seconds, Supplier<String> what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("never came true: " + what.get());
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    /** Advances a session to its end without waiting in between; for fast peers. */
    public static TransferResult drive(TransferSession session) throws IOException {
        TransferSession.Status status = TransferSession.Status.PROGRESS;
        while (status != TransferSession.Status.DONE) {
            status = session.advance();
        }
        return session.result();
    }

    public static void write(OutputStream out, Content content, long size) throws IOException {
        for (long at = 0; at < size; ) {
            int n = (int) Math.min(256 << 10, size - at);
            out.write(content.bytes(at, n));
            at += n;
        }
    }

    /** Reads to the end and checks every byte; returns how many there were. */
    public static long drain(InputStream in, Content content) throws IOException {
        Content.Check check = new Content.Check(content);
        byte[] buffer = new byte[256 << 10];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            check.feed(buffer, n);
        }
        return check.count();
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                failure = e instanceof IOException io ? io : new IOException(e);
            }
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        if (failure != null) {
            throw failure;
        }
        if (descriptors >= 0) {
            until(patience, () -> "descriptors are back to " + descriptors + " from " + openNow(), () -> {
                try {
                    return descriptors() <= descriptors;
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        }
    }
}
