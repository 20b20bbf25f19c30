package io.zerocopy.tests.cost;

import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes three transfers again and again in a JVM of its own, and says what they allocate: AllocationSubject ENOUGH. */
final class AllocationSubject {
    private AllocationSubject() {}

    public static void main(String[] arguments) throws Exception {
        TestFixture fixture = new TestFixture();
        Path source = fixture.file(4096);
        FileChannel from = fixture.keep(FileChannel.open(source));
        FileChannel to = fixture.keep(FileChannel.open(
                fixture.path("t"), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ));
        SocketChannel[] tcp = fixture.tcp();
        ByteBuffer block = ByteBuffer.allocateDirect(16 << 10);
        long least = Allocation.leastOf(Long.parseLong(arguments[0]), () -> copy(from, to, tcp, block));
        System.out.println("allocated " + least);
        fixture.close();
    }

    /** Runs three transfers: to a file, from there to a socket, and from memory to a socket. */
    private static void copy(FileChannel from, FileChannel to, SocketChannel[] tcp, ByteBuffer block) throws Exception {
        Transfers.from(from).range(0, 4096).to(to).targetPosition(0).build().run();
        Transfers.from(from).range(0, 4096).to(tcp[0]).build().run();
        Transfers.from(block.clear().limit(4096)).to(tcp[0]).build().run();
        Allocation.receive(tcp[1], block, 8192);
    }
}
