package io.zerocopy.tests.faults;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.RelayResult;
import io.zerocopy.Transfer;
import io.zerocopy.TransferException;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.Transfers;
import io.zerocopy.tests.faults.InjectedMover.Moved;
import io.zerocopy.tests.faults.InjectedSubject.Outcome;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;

/** The pairs that {@link InjectedSubject} moves on its own thread, and what arrived of each. */
final class InjectedPairs {
    /** The most pipes that one pair itself has open. */
    static final int PIPES = 2;

    private static final int SIZE = InjectedMover.SIZE;
    private static final byte[] BYTES = InjectedMover.bytes();
    private static final byte[] BACK = Content.PATTERN.bytes(777, 50_000);
    private static final UnaryOperator<Transfer.Builder> PLAIN = builder -> builder;

    private final Map<String, Visit> all = new LinkedHashMap<>();
    private final InjectedMover mover;

    /** Moves one pair. */
    interface Visit {
        Outcome go(TestFixture fixture) throws Exception;
    }

    InjectedPairs(InjectedMover mover) {
        this.mover = mover;
        all.put("file-file", fixture -> toFile(fixture, source(fixture), PLAIN));
        all.put("file-tcp", fixture -> toSocket(fixture, source(fixture), fixture.tcp(), PLAIN));
        all.put("tcp-file", fixture -> toFile(fixture, fed(fixture, fixture.tcp()), PLAIN));
        all.put("tcp-tcp", fixture -> toSocket(fixture, fed(fixture, fixture.tcp()), fixture.tcp(), PLAIN));
        all.put("unix-unix", fixture -> toSocket(fixture, fed(fixture, fixture.unix()), fixture.unix(), PLAIN));
        all.put("pipe-file", fixture -> toFile(fixture, fed(fixture, fixture.pipe()), PLAIN));
        all.put("pipe-tcp", fixture -> toSocket(fixture, fed(fixture, fixture.pipe()), fixture.tcp(), PLAIN));
        all.put("file-pipe", this::toPipe);
        all.put("memory-tcp", fixture -> toSocket(fixture, null, fixture.tcp(), PLAIN));
        all.put("file-append", fixture -> toFile(fixture, source(fixture), PLAIN, StandardOpenOption.APPEND));
        all.put(
                "tcp-append",
                fixture -> toFile(fixture, fed(fixture, fixture.tcp()), PLAIN, StandardOpenOption.APPEND));
        all.put("file-ring", fixture -> toFile(fixture, source(fixture), wish(Mechanism.IO_URING)));
        all.put("file-direct", fixture -> toFile(fixture, source(fixture), wish(Mechanism.DIRECT_IO)));
        all.put("relay", this::relay);
        all.put("session", this::session);
        new InjectedFiles(mover).addTo(all);
    }

    Map<String, Visit> all() {
        return all;
    }

    private static UnaryOperator<Transfer.Builder> wish(Mechanism mechanism) {
        return builder -> builder.use(mechanism, Preference.AUTO);
    }

    private static FileChannel source(TestFixture fixture) throws IOException {
        return fixture.keep(FileChannel.open(Files.write(fixture.path("s"), BYTES)));
    }

    private SocketChannel fed(TestFixture fixture, SocketChannel[] pair) {
        feed(fixture, pair[0]);
        return pair[1];
    }

    private Pipe.SourceChannel fed(TestFixture fixture, Pipe pipe) {
        feed(fixture, pipe.sink());
        return pipe.source();
    }

    private void feed(TestFixture fixture, WritableByteChannel into) {
        fixture.peer(() -> {
            try (into) {
                ByteBuffer bytes = ByteBuffer.wrap(BYTES, 0, SIZE / 2);
                while (bytes.hasRemaining()) {
                    into.write(bytes);
                }
                mover.untilItWaits();
                bytes.limit(SIZE);
                while (bytes.hasRemaining()) {
                    into.write(bytes);
                }
            }
            return null;
        });
    }

    /**
     * Returns what the source still has. Another thread reads it, whose calls do not fail. The position of a file must
     * agree with the bytes that have moved.
     */
    private static byte[] left(ReadableByteChannel source, Moved moved) throws IOException {
        return moved.failure() == null || source == null || source instanceof FileChannel ? null : readAll(source);
    }

    private static Moved positioned(Moved moved, ReadableByteChannel source) throws IOException {
        long count =
                moved.failure() == null ? SIZE : moved.failure() instanceof TransferException e ? e.transferred() : 0;
        boolean stands = !(source instanceof FileChannel file) || file.position() == count;
        return stands ? moved : moved.remarking(" WRONG position " + ((FileChannel) source).position());
    }

    private static byte[] readAll(ReadableByteChannel source) throws IOException {
        return Channels.newInputStream(source).readAllBytes();
    }

    private Outcome toFile(
            TestFixture fixture, ReadableByteChannel source, UnaryOperator<Transfer.Builder> wishes, OpenOption... more)
            throws Exception {
        Path target = fixture.path("t");
        Set<OpenOption> how = new HashSet<>(List.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        how.addAll(List.of(more));
        try (source;
                WritableByteChannel to = Files.newByteChannel(target, how)) {
            Moved moved = mover.moved(
                    () -> wishes.apply(Transfers.from(source)).to(to).build());
            byte[] left = left(source, moved);
            return positioned(moved, source).with(Files.readAllBytes(target), left);
        }
    }

    private Outcome toSocket(
            TestFixture fixture,
            ReadableByteChannel source,
            SocketChannel[] pair,
            UnaryOperator<Transfer.Builder> wishes)
            throws Exception {
        pair[0].setOption(StandardSocketOptions.SO_SNDBUF, 16 << 10); // fills up, so the transfer takes several calls
        Future<byte[]> arrived = fixture.peer(() -> readAll(pair[1]));
        Moved moved = mover.moved(
                () -> wishes.apply(source == null ? Transfers.from(ByteBuffer.wrap(BYTES)) : Transfers.from(source))
                        .to(pair[0])
                        .build());
        pair[0].shutdownOutput();
        byte[] left = left(source, moved);
        return positioned(moved, source).with(TestFixture.join(arrived), left);
    }

    private Outcome toPipe(TestFixture fixture) throws Exception {
        Pipe pipe = fixture.pipe();
        FileChannel source = source(fixture);
        Future<byte[]> arrived = fixture.peer(() -> readAll(pipe.source()));
        Moved moved = mover.moved(
                () -> Transfers.from(source).stableSource().to(pipe.sink()).build());
        pipe.sink().close();
        return positioned(moved, source).with(TestFixture.join(arrived), null);
    }

    /** Relays both directions; the exception has the account of both. */
    private Outcome relay(TestFixture fixture) throws Exception {
        SocketChannel[] left = fixture.tcp();
        SocketChannel[] right = fixture.tcp();
        right[0].setOption(StandardSocketOptions.SO_SNDBUF, 16 << 10);
        send(fixture, left[0], BYTES);
        send(fixture, right[1], BACK);
        Future<byte[]> there = fixture.peer(() -> readAll(right[1]));
        Future<byte[]> back = fixture.peer(() -> readAll(left[0]));
        IOException failure = mover.on(() -> {
            try {
                RelayResult result = Transfers.relay(left[1], right[0]).build().run();
                boolean all = result.leftToRight().bytes() == SIZE
                        && result.rightToLeft().bytes() == BACK.length;
                return all ? null : new IOException("counted " + result);
            } catch (IOException e) {
                return e;
            }
        });
        for (SocketChannel channel : List.of(left[1], right[0])) {
            channel.configureBlocking(true); // if fcntl is refused, the relay cannot put that back
        }
        left[1].shutdownOutput();
        right[0].shutdownOutput();
        byte[] leftOver = failure == null ? null : readAll(left[1]);
        byte[] rightOver = failure == null ? null : readAll(right[0]);
        return InjectedRelay.judged(
                failure,
                new InjectedRelay.Way(BYTES, TestFixture.join(there), leftOver),
                new InjectedRelay.Way(BACK, TestFixture.join(back), rightOver));
    }

    private static void send(TestFixture fixture, SocketChannel to, byte[] bytes) {
        fixture.peer(() -> {
            ByteBuffer all = ByteBuffer.wrap(bytes);
            while (all.hasRemaining()) {
                to.write(all);
            }
            to.shutdownOutput();
            return null;
        });
    }

    private Outcome session(TestFixture fixture) throws Exception {
        SocketChannel from = fed(fixture, fixture.tcp());
        SocketChannel[] to = fixture.tcp();
        to[0].setOption(StandardSocketOptions.SO_SNDBUF, 16 << 10);
        Future<byte[]> arrived = fixture.peer(() -> readAll(to[1]));
        from.configureBlocking(false);
        to[0].configureBlocking(false);
        Moved moved;
        try (Selector selector = Selector.open()) {
            SelectionKey source = from.register(selector, 0);
            SelectionKey target = to[0].register(selector, 0);
            Transfer transfer = Transfers.from(from).to(to[0]).build();
            moved = new Moved(mover.on(() -> drive(transfer, selector, source, target)), "");
        }
        from.configureBlocking(true);
        to[0].configureBlocking(true);
        to[0].shutdownOutput();
        byte[] left = left(from, moved);
        return moved.with(TestFixture.join(arrived), left);
    }

    private static IOException drive(Transfer transfer, Selector selector, SelectionKey source, SelectionKey target) {
        try (TransferSession session = transfer.open()) {
            for (Status status = session.advance(); status != Status.DONE; status = session.advance()) {
                source.interestOps(status == Status.AWAIT_SOURCE ? SelectionKey.OP_READ : 0);
                target.interestOps(status == Status.AWAIT_TARGET ? session.interestOps(status) : 0);
                if (status != Status.PROGRESS) {
                    selector.select(100);
                    selector.selectedKeys().clear();
                }
            }
            return null;
        } catch (IOException e) {
            return e;
        }
    }
}
