package io.zerocopy.tests.cost;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Does one thing again and again in a JVM of its own, and says what it allocates: AllocationSubject WHAT ENOUGH. */
final class AllocationSubject {
    static final String TRANSFERS = "transfers";
    static final String SOCKETS = "sockets";

    private AllocationSubject() {}

    public static void main(String[] arguments) throws Exception {
        TestFixture fixture = new TestFixture();
        long enough = Long.parseLong(arguments[1]);
        long least = arguments[0].equals(SOCKETS) ? ofSteps(fixture, enough) : ofTransfers(fixture, enough);
        System.out.println("allocated " + least);
        fixture.close();
    }

    private static long ofTransfers(TestFixture fixture, long enough) throws Exception {
        Path source = fixture.file(4096);
        FileChannel from = fixture.keep(FileChannel.open(source));
        FileChannel to = fixture.keep(FileChannel.open(
                fixture.path("t"), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ));
        SocketChannel[] tcp = fixture.tcp();
        ByteBuffer block = ByteBuffer.allocateDirect(16 << 10);
        return Allocation.leastOf(enough, () -> copy(from, to, tcp, block));
    }

    private static long ofSteps(TestFixture fixture, long enough) throws Exception {
        SocketChannel[] one = fixture.tcp();
        SocketChannel[] two = fixture.tcp();
        two[1].configureBlocking(false);
        ByteBuffer block = ByteBuffer.allocateDirect(16 << 10);
        try (TransferSession session = Transfers.from(one[0])
                .to(two[0])
                .use(Mechanism.SPLICE, Preference.REQUIRE)
                .build()
                .open()) {
            long steps = Allocation.leastOf(enough, () -> {
                one[1].write(block.clear());
                session.advance();
                two[1].read(block.clear());
            });
            if (session.transferred() <= 16 << 10) {
                throw new IllegalStateException("nothing has moved");
            }
            return steps;
        }
    }

    /** Runs three transfers: to a file, from there to a socket, and from memory to a socket. */
    private static void copy(FileChannel from, FileChannel to, SocketChannel[] tcp, ByteBuffer block) throws Exception {
        Transfers.from(from).range(0, 4096).to(to).targetPosition(0).build().run();
        Transfers.from(from).range(0, 4096).to(tcp[0]).build().run();
        Transfers.from(block.clear().limit(4096)).to(tcp[0]).build().run();
        Allocation.receive(tcp[1], block, 8192);
    }
}
