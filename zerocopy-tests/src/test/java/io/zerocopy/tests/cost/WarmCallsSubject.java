package io.zerocopy.tests.cost;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.zerocopy.ChannelHold;
import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.EOFException;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs in its own process under strace: each row several times, the last time between two system calls that name it
 * ({@code stat} of a path that does not exist). The same thread reads the sent bytes outside of these two calls, so
 * that nothing else happens between them.
 */
final class WarmCallsSubject {
    private static final int SMALL = 4 << 10;
    private static final int LARGE = 1 << 20;

    /** So many runs that nothing is loaded or linked after them. */
    private static final int WARM_UPS = 20;

    private static final Work NOTHING = () -> {};

    private final TestFixture fixture;
    private final SocketChannel[] one;
    private final SocketChannel[] two;
    private final ByteBuffer block = ByteBuffer.allocateDirect(LARGE);

    private WarmCallsSubject(TestFixture fixture) throws Exception {
        this.fixture = fixture;
        one = fixture.tcp();
        two = fixture.tcp();
    }

    private interface Work {
        void run() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            WarmCallsSubject subject = new WarmCallsSubject(fixture);
            subject.sockets("");
            ChannelHold hold = Transfers.hold(subject.one[0], subject.two[0]);
            subject.sockets("held-");
            hold.close();
            subject.betweenFiles();
            subject.betweenPaths();
        }
    }

    private void sockets(String mode) throws Exception {
        FileChannel file = fixture.keep(FileChannel.open(fixture.file(SMALL)));
        FileChannel target = fixture.keep(FileChannel.open(fixture.path("t"), CREATE, WRITE));
        Path path = fixture.file(SMALL);
        Work feed = () -> two[1].write(block.clear().limit(SMALL));
        Work receive = () -> receive(one[1], SMALL);
        Transfer range = Transfers.from(file).range(0, SMALL).to(one[0]).build();
        row(mode + "range-socket", NOTHING, range::run, receive);
        row(mode + "copy-file-socket", () -> file.position(0), () -> Transfers.copy(file, one[0]), receive);
        row(mode + "copy-path-socket", NOTHING, () -> Transfers.copy(path, one[0]), receive);
        Work send = () ->
                Transfers.from(block.clear().limit(SMALL)).to(one[0]).build().run();
        row(mode + "memory-socket", NOTHING, send, receive);
        Transfer stored =
                Transfers.from(two[0]).count(SMALL).to(target).targetPosition(0).build();
        row(mode + "socket-file", feed, stored::run, NOTHING);
        Transfer relayed = Transfers.from(two[0]).count(SMALL).to(one[0]).build();
        row(mode + "socket-socket", feed, relayed::run, receive);
    }

    private void receive(SocketChannel from, int count) throws Exception {
        for (int n = 0; n < count; ) {
            int some = from.read(block.clear().limit(count - n));
            if (some < 0) {
                throw new EOFException();
            }
            n += some;
        }
    }

    private void betweenFiles() throws Exception {
        FileChannel from = fixture.keep(FileChannel.open(fixture.file(LARGE)));
        FileChannel to = fixture.keep(FileChannel.open(fixture.path("t"), CREATE, READ, WRITE));
        for (int count : new int[] {SMALL, LARGE}) {
            Transfer transfer = Transfers.from(from)
                    .range(0, count)
                    .to(to)
                    .targetPosition(0)
                    .build();
            row("file-file-" + count, NOTHING, transfer::run, NOTHING);
        }
        FileChannel whole = fixture.keep(FileChannel.open(fixture.file(SMALL)));
        Transfer all = Transfers.from(whole)
                .range(0, Long.MAX_VALUE)
                .to(to)
                .targetPosition(0)
                .build();
        row("file-file-whole", NOTHING, all::run, NOTHING);
    }

    private void betweenPaths() throws Exception {
        Path from = fixture.file(6);
        Path to = fixture.path("copy");
        row("copy-path-path", NOTHING, () -> Transfers.copy(from, to), () -> Files.delete(to));
    }

    /** Runs before, work and after many times; in the last round, work is marked. */
    private static void row(String name, Work before, Work work, Work after) throws Exception {
        for (int i = 0; i < WARM_UPS; i++) {
            before.run();
            work.run();
            after.run();
        }
        before.run();
        new File(StraceSubject.MARK + name + "/begin").exists();
        work.run();
        new File(StraceSubject.MARK + name + "/end").exists();
        after.run();
    }
}
