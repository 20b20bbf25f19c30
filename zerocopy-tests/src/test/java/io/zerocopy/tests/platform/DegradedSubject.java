package io.zerocopy.tests.platform;

import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Future;

/** Runs in its own process, in which something is missing: prints the report and still moves bytes. */
final class DegradedSubject {
    private static final int SIZE = 3_000_000;

    private DegradedSubject() {}

    public static void main(String[] args) throws Exception {
        System.out.println(Transfers.capabilities());
        try (TestFixture fixture = new TestFixture()) {
            Path source = fixture.file(SIZE);
            Path target = fixture.path("t");
            System.out.println("file-file " + Transfers.copy(source, target).mechanism());
            SocketChannel[] pair = fixture.tcp();
            Future<Object> sent = fixture.peer(() -> {
                System.out.println("file-tcp " + Transfers.copy(source, pair[0]).mechanism());
                pair[0].shutdownOutput();
                return null;
            });
            Path back = fixture.path("back");
            System.out.println("tcp-file " + Transfers.copy(pair[1], back).mechanism());
            TestFixture.join(sent);
            if (Files.mismatch(source, target) != -1 || Files.mismatch(source, back) != -1) {
                throw new AssertionError("bytes differ");
            }
        }
        System.out.println("all moved");
    }
}
