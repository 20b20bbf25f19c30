package io.zerocopy.tests.platform;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.Transfers;
import io.zerocopy.nio.MappedFile;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** Runs in its own process, in which a resource is almost used up, and prints the outcomes of its transfers. */
final class LimitsSubject {
    private static final int LITTLE = 40_000; // fits into a socket's buffers
    private static final int FILE = 20_000_000;
    private static final int MANY = 40;
    private static final int PIECE = 8000;
    private static final int EACH = 125 * PIECE;

    private LimitsSubject() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "descriptors" -> descriptors();
            case "pages" -> pages();
            case "remainder" -> remainder();
            default -> memory();
        }
        System.out.println("done");
    }

    /**
     * No descriptor is left when a transfer needs a pipe; mechanisms that need another one say so before they have
     * moved anything.
     */
    private static void descriptors() throws Exception {
        loadAll();
        try (TestFixture fixture = new TestFixture()) {
            SocketChannel[] from = fixture.tcp();
            SocketChannel[] to = fixture.tcp();
            Path file = fixture.file(LITTLE);
            Path target = fixture.path("t");
            FileChannel in = fixture.keep(FileChannel.open(file));
            Deque<FileInputStream> fillers = new ArrayDeque<>();
            relay(from, to);
            mapped(file);
            holdIdlePipes(fixture);
            useUp(fillers);
            try {
                System.out.println("relay " + relay(from, to));
                in.position(0);
                System.out.println("file " + Transfers.copy(in, to[0]).mechanism());
                receive(to[1]);
                System.out.println("path " + failure(file, target));
                System.out.println("created " + Files.exists(target));
                fillers.pop().close();
                System.out.println("with one left " + mapped(file) + " mapped");
            } finally {
                while (!fillers.isEmpty()) {
                    fillers.pop().close();
                }
            }
            System.out.println("after " + relay(from, to).mechanism());
        }
    }

    /** If a class is first used when no descriptor is left, it cannot be loaded from a folder. */
    private static void loadAll() throws IOException {
        for (String entry : System.getProperty("java.class.path").split(":")) {
            Path folder = Path.of(entry);
            if (!Files.isDirectory(folder)) {
                continue;
            }
            try (Stream<Path> all = Files.walk(folder)) {
                all.map(path -> folder.relativize(path).toString())
                        .filter(name -> name.startsWith("io/zerocopy") && name.endsWith(".class"))
                        .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
                        .filter(name -> !name.startsWith("io.zerocopy.tests.bench")
                                && !name.startsWith("io.zerocopy.tests.cli"))
                        .forEach(LimitsSubject::load);
            }
        }
    }

    private static void load(String name) {
        try {
            Class.forName(name, false, LimitsSubject.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            return; // a class that needs one outside of this class path
        }
    }

    /** Takes every idle pipe for transfers that do not end. */
    private static void holdIdlePipes(TestFixture fixture) throws IOException {
        for (int i = 0; i < 3; i++) {
            SocketChannel[] from = fixture.tcp();
            SocketChannel[] to = fixture.tcp();
            from[0].configureBlocking(false);
            from[1].configureBlocking(false);
            to[0].configureBlocking(false);
            TransferSession session = fixture.keep(Transfers.from(from[0])
                    .to(to[0])
                    .use(Mechanism.SPLICE, Preference.REQUIRE)
                    .build()
                    .open());
            Status status = Status.PROGRESS;
            while (status != Status.AWAIT_TARGET) {
                from[1].write(ByteBuffer.allocate(100_000));
                status = session.advance();
            }
        }
    }

    private static void useUp(Deque<FileInputStream> fillers) {
        try {
            while (true) {
                fillers.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException full) {
            System.out.println("opened " + fillers.size() + ", then " + full.getMessage());
        }
    }

    private static TransferResult relay(SocketChannel[] from, SocketChannel[] to) throws IOException {
        from[1].write(ByteBuffer.wrap(Content.PATTERN.bytes(0, LITTLE)));
        TransferResult result =
                Transfers.from(from[0]).to(to[0]).count(LITTLE).build().run();
        receive(to[1]);
        return result;
    }

    private static void receive(SocketChannel from) throws IOException {
        byte[] bytes = Channels.newInputStream(from).readNBytes(LITTLE);
        new Content.Check(Content.PATTERN).feed(bytes, LITTLE);
    }

    private static long mapped(Path file) throws IOException {
        try (MappedFile mapped = MappedFile.open(file, MappedFile.Access.READ_ONLY)) {
            return mapped.size();
        }
    }

    private static String failure(Path source, Path target) {
        try {
            return "moved " + Transfers.copy(source, target);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** All pages that this user may have in pipes are taken; new pipes have two pages, and splice uses those. */
    private static void pages() throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            List<Pipe> taken = new ArrayList<>();
            int room = room(fixture.pipe());
            for (int i = 0; i < 1200 && room > 8192; i++) {
                Pipe pipe = fixture.pipe();
                taken.add(pipe);
                room = room(pipe);
            }
            System.out.println("pipes " + taken.size() + " room " + room);
            SocketChannel[] from = fixture.tcp();
            SocketChannel[] to = fixture.tcp();
            fixture.peer(() -> {
                TestFixture.write(Channels.newOutputStream(from[1]), Content.PATTERN, FILE);
                from[1].shutdownOutput();
                return null;
            });
            var drained = fixture.peer(() -> TestFixture.drain(Channels.newInputStream(to[1]), Content.PATTERN));
            TransferResult result = Transfers.copy(from[0], to[0]);
            to[0].shutdownOutput();
            System.out.println("relay " + result.mechanism() + " " + TestFixture.join(drained));
        }
    }

    /** Returns how many bytes a pipe takes before it is full. */
    private static int room(Pipe pipe) throws IOException {
        pipe.sink().configureBlocking(false);
        int room = 0;
        for (int n = 1; n > 0; room += n) {
            n = pipe.sink().write(ByteBuffer.allocate(4096));
        }
        return room;
    }

    /** Bytes are in a pipe of the kernel, and no direct memory is left to read them. */
    private static void remainder() throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            SocketChannel[] from = fixture.tcp();
            SocketChannel[] to = fixture.tcp();
            from[0].configureBlocking(false);
            from[1].configureBlocking(false);
            to[0].configureBlocking(false);
            TransferSession session = Transfers.from(from[0])
                    .to(to[0])
                    .use(Mechanism.SPLICE, Preference.REQUIRE)
                    .build()
                    .open();
            long fed = 0;
            for (Status status = Status.PROGRESS; status != Status.AWAIT_TARGET; status = session.advance()) {
                fed += from[1].write(ByteBuffer.wrap(Content.PATTERN.bytes(fed, 8000)));
            }
            List<ByteBuffer> all = new ArrayList<>();
            useUp(all);
            session.close();
            long held = session.remainder().remaining();
            byte[] back = new byte[(int) held];
            session.remainder().get(back);
            all.clear(); // the test's own reads need some of the memory
            from[1].close();
            from[0].configureBlocking(true);
            long rest = Channels.newInputStream(from[0]).readAllBytes().length;
            boolean same = Arrays.equals(back, Content.PATTERN.bytes(session.transferred(), back.length));
            System.out.println("held " + (held > 0) + " same " + same + " lost "
                    + (fed - session.transferred() - held - rest) + " non-blocking " + !to[0].isBlocking());
        }
    }

    private static void useUp(List<ByteBuffer> all) {
        for (int size = 1 << 20; size > 0; size /= 4) {
            try {
                while (true) {
                    all.add(ByteBuffer.allocateDirect(size));
                }
            } catch (OutOfMemoryError full) {
                continue;
            }
        }
    }

    /** Little heap and even less memory outside of it: every mechanism for files, and many relays at once. */
    private static void memory() throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            Path source = fixture.file(FILE);
            Path target = fixture.path("t");
            for (Mechanism mechanism : Mechanism.values()) {
                var transfer = Transfers.from(source)
                        .to(target)
                        .use(mechanism, Preference.REQUIRE)
                        .build();
                if (mechanism != Mechanism.REFLINK && transfer.plan().chosen().isPresent()) {
                    transfer.run();
                    System.out.println("file " + mechanism + " " + (Files.mismatch(source, target) == -1));
                }
            }
            for (Mechanism mechanism : List.of(Mechanism.READ_WRITE, Mechanism.SPLICE)) {
                System.out.println("relays " + mechanism + " " + relays(fixture, mechanism));
            }
            System.out.println("left " + ByteBuffer.allocateDirect(12 << 20).capacity());
        }
    }

    /** Advances many relays in turn. Each has a full target at some time, so that it holds bytes. */
    private static long relays(TestFixture fixture, Mechanism mechanism) throws Exception {
        List<TransferSession> sessions = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            SocketChannel[] from = fixture.tcp();
            SocketChannel[] to = fixture.tcp();
            from[0].configureBlocking(false);
            to[0].configureBlocking(false);
            fixture.peer(() -> send(from[1]));
            boolean late = i % 2 == 0;
            fixture.peer(() -> drain(to[1], late, sessions));
            sessions.add(Transfers.from(from[0])
                    .to(to[0])
                    .use(mechanism, Preference.REQUIRE)
                    .build()
                    .open());
        }
        TestFixture.until(
                "all have moved",
                () -> sessions.stream().filter(LimitsSubject::advance).count() == MANY);
        return sessions.stream().mapToLong(TransferSession::transferred).sum();
    }

    /** Sends small pieces: the JDK keeps for each thread as much direct memory as its largest piece. */
    private static Void send(SocketChannel to) throws IOException {
        for (int sent = 0; sent < EACH; sent += PIECE) {
            ByteBuffer piece = ByteBuffer.wrap(Content.PATTERN.bytes(sent, PIECE));
            while (piece.hasRemaining()) {
                to.write(piece);
            }
        }
        to.shutdownOutput();
        return null;
    }

    private static Void drain(SocketChannel from, boolean late, List<TransferSession> sessions) throws IOException {
        if (late) {
            TestFixture.until("all relays hold something", () -> sessions.size() == MANY);
        }
        Content.Check check = new Content.Check(Content.PATTERN);
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        for (int n = from.read(piece); n >= 0; n = from.read(piece.clear())) {
            check.feed(piece.array(), n);
        }
        if (check.count() != EACH) {
            throw new AssertionError(check.count() + " bytes arrived");
        }
        return null;
    }

    private static boolean advance(TransferSession session) {
        try {
            return session.advance() == Status.DONE;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
