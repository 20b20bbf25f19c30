package io.zerocopy.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Function;
import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import io.zerocopy.linux.DescriptorChannel;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several threads use one transfer, one channel or one descriptor. */
class SharedTest {
    private static final int SIZE = 200_000;

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private void atOnce(List<Callable<?>> work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(work.size());
        List<Future<?>> all = new ArrayList<>();
        for (Callable<?> one : work) {
            all.add(fixture.peer(() -> {
                start.await(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
                return one.call();
            }));
        }
        for (Future<?> one : all) {
            TestFixture.join(one);
        }
    }

    /** The objects of a finished run are kept for the next run; two threads must never get the same ones. */
    @Test
    void oneTransferIsRunByManyThreads() throws Exception {
        Path source = fixture.file(SIZE);
        Path target = fixture.path("t");
        Transfer transfer = Transfers.from(source).to(target).targetPosition(0).build();
        Path half = fixture.path("half");
        Transfer other =
                Transfers.from(source).range(0, 1000).to(half).targetPosition(0).build();
        List<Callable<?>> work = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Transfer mine = i % 2 == 0 ? transfer : other;
            long bytes = i % 2 == 0 ? SIZE : 1000;
            work.add(() -> {
                for (int round = 0; round < 300; round++) {
                    assertThat(mine.run().bytes()).isEqualTo(bytes);
                }
                return null;
            });
        }
        atOnce(work);
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
        assertThat(Files.readAllBytes(half)).isEqualTo(Content.PATTERN.bytes(0, 1000));
    }

    /**
     * Each mechanism that uses a file's own position borrows it. If another transfer has it, a transfer takes another
     * mechanism, or says so.
     */
    @ParameterizedTest
    @EnumSource(names = {"READ_WRITE", "COPY_FILE_RANGE", "SENDFILE", "TRANSFER_FROM", "MMAP_WRITE"})
    void oneFileIsTheSourceOfManyTransfers(Mechanism mechanism) throws Exception {
        try (FileChannel source = FileChannel.open(fixture.file(SIZE))) {
            source.position(17);
            List<Callable<?>> work = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Path target = fixture.path("t");
                int first = 1000 * i;
                work.add(() -> {
                    for (int round = 0; round < 50; round++) {
                        try {
                            long moved = Transfers.from(source)
                                    .range(first, SIZE - first)
                                    .to(target)
                                    .use(mechanism, Preference.REQUIRE)
                                    .build()
                                    .run()
                                    .bytes();
                            assertThat(moved).isEqualTo(SIZE - first);
                        } catch (io.zerocopy.MechanismUnavailableException e) {
                            assertThat(mechanism).isEqualTo(Mechanism.TRANSFER_FROM);
                            assertThat(e).hasMessageContaining("another transfer is using the source's own position");
                            continue;
                        }
                        assertThat(Files.readAllBytes(target)).isEqualTo(Content.PATTERN.bytes(first, SIZE - first));
                    }
                    return null;
                });
            }
            atOnce(work);
            assertThat(source.position()).isEqualTo(17);
        }
    }

    /** A socket is used in both directions at once; afterwards it has its former mode. */
    @Test
    void oneSocketIsSourceAndTargetAtATime() throws Exception {
        SocketChannel[] pair = fixture.tcp();
        Path outgoing = fixture.file(SIZE);
        byte[] incoming = Content.PATTERN.bytes(SIZE, SIZE);
        Path target = fixture.path("t");
        Future<byte[]> seen =
                fixture.peer(() -> Channels.newInputStream(pair[1]).readNBytes(30 * SIZE));
        atOnce(List.of(
                () -> {
                    for (int i = 0; i < 30; i++) {
                        assertThat(Transfers.from(outgoing)
                                        .to(pair[0])
                                        .build()
                                        .run()
                                        .bytes())
                                .isEqualTo(SIZE);
                    }
                    return null;
                },
                () -> {
                    for (int i = 0; i < 30; i++) {
                        Transfers.from(pair[0]).count(SIZE).to(target).build().run();
                        assertThat(Files.readAllBytes(target)).isEqualTo(incoming);
                    }
                    return null;
                },
                () -> {
                    for (int i = 0; i < 30; i++) {
                        ByteBuffer all = ByteBuffer.wrap(incoming);
                        while (all.hasRemaining()) {
                            pair[1].write(all);
                        }
                    }
                    return null;
                }));
        byte[] all = TestFixture.join(seen);
        byte[] one = Content.PATTERN.bytes(0, SIZE);
        for (int i = 0; i < 30; i++) {
            assertThat(java.util.Arrays.equals(all, i * SIZE, (i + 1) * SIZE, one, 0, SIZE))
                    .isTrue();
        }
        assertThat(pair[0].isBlocking()).isTrue();
        Future<Integer> read = fixture.peer(() -> pair[0].read(ByteBuffer.allocate(1))); // waits if the flag is cleared
        pair[1].write(ByteBuffer.wrap(new byte[] {7}));
        assertThat(TestFixture.join(read)).isEqualTo(1);
    }

    /** An owned descriptor is closed once, even if several threads close it: the next owner of its number keeps it. */
    @Test
    void anOwnedDescriptorIsClosedOnceHoweverManyClose() throws Exception {
        Path file = fixture.file(SIZE);
        for (int round = 0; round < 200; round++) {
            int[] fds = new int[2];
            assertThat(Function.getFunction("c", "pipe").invokeInt(new Object[] {fds}))
                    .isZero();
            DescriptorChannel source = DescriptorChannel.own(fds[0]);
            DescriptorChannel sink = DescriptorChannel.own(fds[1]);
            List<Callable<?>> work = new ArrayList<>();
            Callable<Void> closer = () -> {
                sink.close();
                source.close();
                try (FileChannel next = FileChannel.open(file)) { // often gets the number that was just closed
                    source.close();
                    sink.close();
                    assertThat(next.size()).isEqualTo(SIZE);
                }
                return null;
            };
            work.add(closer);
            work.add(closer);
            work.add(() -> {
                try {
                    while (true) {
                        sink.write(ByteBuffer.allocate(100));
                        source.read(ByteBuffer.allocate(100));
                    }
                } catch (ClosedChannelException | java.net.SocketException closed) {
                    return null;
                } catch (java.io.IOException broken) {
                    assertThat(broken).hasMessageContaining("EPIPE");
                    return null;
                }
            });
            atOnce(work);
            assertThatThrownBy(() -> source.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        }
    }
}
