package io.zerocopy.tests.cost;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.File;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Future;

/**
 * Runs in its own process under strace: each transfer twice, the second time between two system calls that name it
 * ({@code stat} of a path that does not exist). Prints what the plan chose and what the result says.
 */
final class StraceSubject {
    static final int SIZE = 64 << 20;
    static final String MARK = "/zerocopy-mark/";

    private StraceSubject() {}

    private interface Maker {
        Transfer make() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            Path source = fixture.file(SIZE);
            FileChannel in = fixture.keep(FileChannel.open(source));
            FileChannel out = fixture.keep(
                    FileChannel.open(fixture.path("t"), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            for (Mechanism by : new Mechanism[] {
                Mechanism.COPY_FILE_RANGE,
                Mechanism.SENDFILE,
                Mechanism.SPLICE,
                Mechanism.TRANSFER_TO,
                Mechanism.TRANSFER_FROM,
                Mechanism.MMAP_WRITE,
                Mechanism.READ_WRITE
            }) {
                item(
                        "file-file",
                        by,
                        () -> Transfers.from(in)
                                .range(0, SIZE)
                                .to(out)
                                .targetPosition(0)
                                .use(by, Preference.REQUIRE)
                                .build());
            }
            ByteBuffer memory = ByteBuffer.allocateDirect(SIZE);
            item(
                    "memory-file",
                    Mechanism.GATHER_WRITE,
                    () -> Transfers.from(memory.clear())
                            .to(out)
                            .targetPosition(0)
                            .build());
            item(
                    "small",
                    Mechanism.SENDFILE,
                    () -> Transfers.from(in)
                            .range(0, 4096)
                            .to(out)
                            .targetPosition(0)
                            .use(Mechanism.SENDFILE, Preference.REQUIRE)
                            .build());
            sockets(fixture, in, out);
            if (args.length > 0) {
                clone(Path.of(args[0]));
            }
        }
    }

    /** Clones a file inside a directory whose file system shares extents. */
    private static void clone(Path directory) throws Exception {
        Path source = directory.resolve("s");
        Content.PATTERN.writeFile(source, SIZE);
        int[] names = {0}; // both runs make a new file, so that the second loads no class
        item(
                "file-file",
                Mechanism.REFLINK,
                () -> Transfers.from(source)
                        .to(directory.resolve("t" + names[0]++))
                        .use(Mechanism.REFLINK, Preference.REQUIRE)
                        .build());
    }

    private static void sockets(TestFixture fixture, FileChannel in, FileChannel out) throws Exception {
        SocketChannel[] one = fixture.tcp();
        SocketChannel[] two = fixture.tcp();
        Future<?> discard = fixture.peer(() -> {
            InputStream all = Channels.newInputStream(two[1]);
            byte[] buffer = new byte[1 << 20];
            int n = 0;
            while (n >= 0) {
                n = all.read(buffer);
            }
            return null;
        });
        Future<?> feed = fixture.peer(() -> {
            ByteBuffer block = ByteBuffer.allocateDirect(1 << 20);
            while (one[1].isOpen()) {
                one[1].write(block.clear());
            }
            return null;
        });
        item(
                "file-tcp",
                null,
                () -> Transfers.from(in).range(0, SIZE).to(two[0]).build());
        item(
                "tcp-tcp",
                null,
                () -> Transfers.from(one[0]).count(SIZE).to(two[0]).build());
        item(
                "tcp-file",
                null,
                () -> Transfers.from(one[0])
                        .count(SIZE)
                        .to(out)
                        .targetPosition(0)
                        .build());
        item(
                "small-file-tcp",
                null,
                () -> Transfers.from(in).range(0, 32 << 10).to(two[0]).build());
        around(in, two[0]);
        if (discard.isDone() || feed.isDone()) {
            throw new IllegalStateException("a peer has ended");
        }
    }

    private static void around(FileChannel in, SocketChannel out) throws Exception {
        ByteBuffer header = ByteBuffer.allocateDirect(100);
        ByteBuffer trailer = ByteBuffer.allocateDirect(50);
        item(
                "header-file-tcp",
                null,
                () -> Transfers.from(in)
                        .range(0, 1 << 20)
                        .header(header.clear())
                        .to(out)
                        .build());
        item(
                "header-file-trailer-tcp",
                null,
                () -> Transfers.from(in)
                        .range(0, 1 << 20)
                        .header(header.clear())
                        .trailer(trailer.clear())
                        .to(out)
                        .build());
    }

    private static void item(String pair, Mechanism by, Maker maker) throws Exception {
        String name = pair + "-" + (by == null ? "auto" : by);
        maker.make().run();
        Transfer transfer = maker.make();
        Mechanism planned = transfer.plan().chosen().orElseThrow();
        new File(MARK + name + "/begin").exists();
        TransferResult result = transfer.run();
        new File(MARK + name + "/end").exists();
        System.out.println(name + " " + planned + " " + result.mechanism() + " " + result.bytes());
    }
}
