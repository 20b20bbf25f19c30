package io.zerocopy.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferClosedByInterruptException;
import io.zerocopy.TransferFailure;
import io.zerocopy.TransferInterruptedException;
import io.zerocopy.Transfers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Another thread closes one end, or interrupts, at any moment inside the JDK's calls. Counted bytes have arrived. Bytes
 * that were taken from a socket have arrived or are handed back. Only an interrupt inside the JDK's own copying calls
 * may leave more bytes in the target than were counted, and the exception's type says so.
 */
class DisturbedTransfersTest {
    private static final int SIZE = 1_500_000;
    private static final int ROUNDS = 15;

    /** The JDK copies, and reports nothing of an interrupted copy but the interrupt. */
    private static final Set<Mechanism> COPIES = EnumSet.of(Mechanism.TRANSFER_TO, Mechanism.TRANSFER_FROM);

    enum What {
        CLOSE_SOURCE,
        CLOSE_TARGET,
        INTERRUPT
    }

    private final byte[] data = new byte[SIZE];
    private final byte[] other = new byte[SIZE];
    private final Deque<Channel> open = new ArrayDeque<>();

    @TempDir
    Path folder;

    private Path sourceFile;
    private Path targetFile;
    private long usual = 1_000_000; // nanoseconds of an undisturbed transfer

    @BeforeEach
    void write() throws IOException {
        new Random(1).nextBytes(data);
        for (int i = 0; i < SIZE; i++) {
            other[i] = (byte) ~data[i];
        }
        sourceFile = Files.write(folder.resolve("source"), data);
        targetFile = folder.resolve("target");
    }

    private <T extends Channel> T keep(T channel) {
        open.push(channel);
        return channel;
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "beside");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static <T> T join(FutureTask<T> task) throws Exception {
        while (true) {
            try {
                return task.get(Deadline.SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException late) {
                Thread.interrupted();
            }
        }
    }

    private SocketChannel[] pair() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return new SocketChannel[] {keep(SocketChannel.open(server.getLocalAddress())), keep(server.accept())};
        }
    }

    @ParameterizedTest
    @CsvSource({
        "file, file, TRANSFER_TO",
        "file, file, TRANSFER_FROM",
        "file, file, MMAP_WRITE",
        "file, file, READ_WRITE",
        "file, tcp, TRANSFER_TO",
        "file, tcp, MMAP_WRITE",
        "file, tcp, READ_WRITE",
        "tcp, file, TRANSFER_FROM",
        "tcp, file, READ_WRITE",
        "tcp, tcp, READ_WRITE",
        "heap, file, GATHER_WRITE",
        "memory, file, GATHER_WRITE",
        "memory, file, READ_WRITE",
        "memory, tcp, GATHER_WRITE"
    })
    void whatIsCountedHasArrived(String from, String to, Mechanism mechanism) throws Exception {
        for (What what : What.values()) {
            boolean memory = from.equals("heap") || from.equals("memory");
            boolean unguarded =
                    mechanism == Mechanism.TRANSFER_TO && Runtime.version().feature() < 21;
            if (memory && what == What.CLOSE_SOURCE || unguarded && what == What.CLOSE_TARGET) {
                continue; // memory has nothing to close; or the mechanism does not allow a close meanwhile
            }
            for (int round = 0; round < ROUNDS; round++) {
                try {
                    round(from, to, mechanism, what, new Random(round));
                } catch (AssertionError e) {
                    throw new AssertionError(what + ", round " + round + ": " + e.getMessage(), e);
                } finally {
                    while (!open.isEmpty()) {
                        open.pop().close();
                    }
                }
            }
        }
    }

    private Channel source(String from, ByteBuffer memory) throws IOException {
        if (memory != null) {
            return null;
        }
        if (from.equals("file")) {
            return keep(FileChannel.open(sourceFile));
        }
        SocketChannel[] pair = pair();
        start(() -> {
            try (SocketChannel feeder = pair[1]) {
                return feeder.write(ByteBuffer.wrap(data));
            }
        });
        return pair[0];
    }

    private void round(String from, String to, Mechanism mechanism, What what, Random random) throws Exception {
        ByteBuffer memory = from.equals("heap")
                ? ByteBuffer.wrap(data)
                : from.equals("memory")
                        ? ByteBuffer.allocateDirect(SIZE).put(data).flip()
                        : null;
        Channel source = source(from, memory);
        Transfer.Builder builder = source instanceof FileChannel file
                ? Transfers.from(file)
                : source == null ? Transfers.from(memory) : Transfers.from((SocketChannel) source);
        boolean overwrites = random.nextBoolean();
        Channel target;
        FutureTask<byte[]> peer = null;
        if (to.equals("file")) {
            Files.write(targetFile, overwrites ? other : new byte[0]);
            target = keep(FileChannel.open(targetFile, StandardOpenOption.WRITE));
            builder.to((FileChannel) target);
        } else {
            SocketChannel[] pair = pair();
            target = pair[0];
            builder.to(pair[0]);
            peer = start(() -> Channels.newInputStream(pair[1]).readAllBytes());
        }
        FutureTask<Void> disturber = disturber(what, source, target, random.nextLong(usual + usual / 4));
        Ended ended = run(builder.use(mechanism, Preference.REQUIRE).build());
        join(disturber);
        Thread.interrupted();
        if (ended.failure instanceof TransferInterruptedException) {
            assertThat(target.isOpen() && (source == null || source.isOpen()))
                    .as("both channels are open")
                    .isTrue();
        }
        long rest = source instanceof SocketChannel socket && socket.isOpen() ? rest(socket) : -1;
        target.close();
        long arrived = arrived(peer);
        if (ended.failure instanceof TransferClosedByInterruptException && COPIES.contains(mechanism)) {
            assertThat(arrived).isGreaterThanOrEqualTo(ended.counted);
            return;
        }
        assertThat(arrived).as("arrived, after %s", ended.failure).isEqualTo(ended.counted);
        if (memory != null) {
            assertThat((long) memory.position()).isEqualTo(ended.counted);
        }
        if (rest >= 0) {
            assertThat(ended.counted + ended.handedBack + rest)
                    .as("of the stream")
                    .isEqualTo(SIZE);
        }
    }

    private record Ended(IOException failure, long counted, int handedBack) {}

    private Ended run(Transfer transfer) {
        long began = System.nanoTime();
        try {
            long counted = transfer.run().bytes();
            usual = (3 * usual + System.nanoTime() - began) / 4;
            return new Ended(null, counted, 0);
        } catch (IOException e) {
            if (!(e instanceof TransferFailure told)) {
                return new Ended(e, 0, 0); // the JDK's own exception: nothing had begun
            }
            long counted = told.transferred();
            int handedBack = told.remainder().remaining();
            assertThat(told.remainder()).isEqualTo(ByteBuffer.wrap(data, (int) counted, handedBack));
            return new Ended(e, counted, handedBack);
        }
    }

    private static FutureTask<Void> disturber(What what, Channel source, Channel target, long after) {
        Thread runner = Thread.currentThread();
        long until = System.nanoTime() + after;
        return start(() -> {
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            if (what == What.INTERRUPT) {
                runner.interrupt();
            } else {
                (what == What.CLOSE_SOURCE ? source : target).close();
            }
            return null;
        });
    }

    private static long rest(SocketChannel socket) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
        long sum = 0;
        for (int n = socket.read(buffer.clear()); n >= 0; n = socket.read(buffer.clear())) {
            sum += n;
        }
        return sum;
    }

    /** Returns how many bytes at the other side of the target are the source's, from the first one on. */
    private long arrived(FutureTask<byte[]> peer) throws Exception {
        byte[] bytes = peer == null ? Files.readAllBytes(targetFile) : join(peer);
        int wrong = Arrays.mismatch(bytes, 0, bytes.length, data, 0, Math.min(SIZE, bytes.length));
        int right = wrong < 0 ? bytes.length : wrong;
        assertThat(Arrays.mismatch(bytes, right, bytes.length, other, right, bytes.length))
                .as("behind what has arrived is what was there before")
                .isEqualTo(-1);
        return right;
    }
}
