package io.zerocopy.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.linux.DescriptorChannel;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Stories of {@link DifferentialTest} about sockets and pipes. */
final class OddSockets {
    private static final int MOST = 300_000;

    private OddSockets() {}

    private static void requireSame(byte[] received, byte[] expected) {
        assertThat(received.length).isEqualTo(expected.length);
        assertThat(Arrays.mismatch(received, expected)).isEqualTo(-1);
    }

    /** An urgent byte at any place of a stream, to a file or a socket. */
    static void urgentByte(TestFixture fixture, Random random) throws Exception {
        byte[] bytes = DifferentialTest.bytes(random, MOST);
        int at = random.nextInt(bytes.length + 1);
        boolean inline = random.nextBoolean();
        SocketChannel[] in = fixture.tcp();
        in[0].socket().setOOBInline(inline);
        int chunk = 1 + random.nextInt(MOST);
        Future<Void> sent = fixture.peer(() -> {
            OutputStream out = in[1].socket().getOutputStream();
            for (int i = 0; i < at; i += chunk) {
                out.write(bytes, i, Math.min(chunk, at - i));
            }
            in[1].socket().sendUrgentData(7);
            out.write(bytes, at, bytes.length - at);
            in[1].shutdownOutput();
            return null;
        });
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.write(bytes, 0, at);
        if (inline) {
            expected.write(7);
        }
        expected.write(bytes, at, bytes.length - at);
        requireSame(copied(fixture, random, in[0]), expected.toByteArray());
        TestFixture.join(sent);
    }

    private static byte[] copied(TestFixture fixture, Random random, SocketChannel source) throws Exception {
        if (random.nextBoolean()) {
            Path target = fixture.path("t");
            DifferentialTest.by(random, Transfers.from(source).to(target))
                    .build()
                    .run();
            return Files.readAllBytes(target);
        }
        SocketChannel[] out = fixture.tcp();
        Future<byte[]> read =
                fixture.peer(() -> out[1].socket().getInputStream().readAllBytes());
        DifferentialTest.by(random, Transfers.from(source).to(out[0])).build().run();
        out[0].close();
        return TestFixture.join(read);
    }

    /** The owner of both sockets changes their modes all the time; the last mode stays. */
    static void switchedModes(TestFixture fixture, Random random) throws Exception {
        byte[] bytes = DifferentialTest.bytes(random, 4 * MOST);
        SocketChannel[] in = fixture.tcp();
        SocketChannel[] out = fixture.tcp();
        AtomicBoolean over = new AtomicBoolean();
        Future<Void> sent = fixture.peer(() -> {
            in[1].socket().getOutputStream().write(bytes);
            in[1].shutdownOutput();
            return null;
        });
        Future<byte[]> read =
                fixture.peer(() -> out[1].socket().getInputStream().readAllBytes());
        long pause = random.nextInt(200_000);
        Future<Boolean> owner = fixture.peer(() -> {
            boolean block = false;
            while (!over.get()) {
                in[0].configureBlocking(block);
                out[0].configureBlocking(block);
                block = !block;
                java.util.concurrent.locks.LockSupport.parkNanos(pause);
            }
            return !block;
        });
        try (TransferSession session = DifferentialTest.by(
                        random, Transfers.from(in[0]).to(out[0]))
                .build()
                .open()) {
            TestFixture.drive(session);
        } finally {
            over.set(true);
        }
        boolean last = TestFixture.join(owner);
        assertThat(in[0].isBlocking()).isEqualTo(last);
        assertThat(out[0].isBlocking()).isEqualTo(last);
        out[0].close();
        requireSame(TestFixture.join(read), bytes);
        TestFixture.join(sent);
    }

    private static Set<Integer> pipes() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(OddSockets::isPipe)
                    .map(fd -> Integer.valueOf(fd.getFileName().toString()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static boolean isPipe(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString().startsWith("pipe:");
        } catch (IOException gone) {
            return false;
        }
    }

    /** Two transfers take turns on one pipe, each through its own channel over it. */
    static void twoOverOneDescriptor(TestFixture fixture, Random random) throws Exception {
        byte[] bytes = DifferentialTest.bytes(random, MOST);
        Set<Integer> before = pipes();
        Pipe pipe = fixture.pipe();
        Set<Integer> made = new TreeSet<>(pipes());
        made.removeAll(before);
        assertThat(made).hasSize(2);
        try (DescriptorChannel second = DescriptorChannel.borrow(made.iterator().next())) {
            Future<Void> sent = fixture.peer(() -> {
                try (Pipe.SinkChannel sink = pipe.sink()) {
                    Channels.newOutputStream(sink).write(bytes);
                }
                return null;
            });
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            long left = bytes.length;
            boolean first = true;
            while (left > 0) {
                Path part = fixture.path("t");
                long count = Math.min(left, 1 + random.nextInt(MOST));
                var from = first ? Transfers.from(pipe.source()) : Transfers.from(second);
                left -= DifferentialTest.by(random, from.count(count).to(part))
                        .build()
                        .run()
                        .bytes();
                all.writeBytes(Files.readAllBytes(part));
                first = !first;
            }
            requireSame(all.toByteArray(), bytes);
            TestFixture.join(sent);
        }
        assertThat(pipe.source().isOpen()).isTrue();
    }
}
