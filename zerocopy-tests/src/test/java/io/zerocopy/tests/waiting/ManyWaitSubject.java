package io.zerocopy.tests.waiting;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;

/**
 * Many threads, virtual ones if the JDK has them, wait until the kernel releases the memory that they sent to stalled
 * peers.
 */
public final class ManyWaitSubject {
    private static final int COUNT = 40;
    private static final int SIZE = 1_000_000; // more than the peer's buffers hold, less than the sender's

    private ManyWaitSubject() {}

    public static void main(String[] args) throws Exception {
        byte[] content = Content.PATTERN.bytes(0, SIZE);
        List<SocketChannel> peers = new ArrayList<>();
        List<FutureTask<Long>> runs = new ArrayList<>();
        try (ServerSocketChannel server =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            for (int i = 0; i < COUNT; i++) {
                SocketChannel to = SocketChannel.open(server.getLocalAddress());
                peers.add(server.accept());
                ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE).put(content).flip();
                FutureTask<Long> run = new FutureTask<>(() -> Transfers.from(buffer)
                        .to(to)
                        .use(Mechanism.MSG_ZEROCOPY, Preference.REQUIRE)
                        .build()
                        .run()
                        .bytes());
                runs.add(run);
                start(run);
            }
        }
        for (int i = COUNT - 1; i >= 0; i--) {
            require(!runs.get(i).isDone(), "done before its peer has read");
            byte[] received = Channels.newInputStream(peers.get(i)).readNBytes(SIZE);
            require(Arrays.equals(received, content), "other bytes arrived");
            require(runs.get(i).get() == SIZE, "another count");
        }
        System.exit(0);
    }

    private static void start(Runnable run) throws ReflectiveOperationException {
        if (Runtime.version().feature() >= 21) {
            Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, run);
        } else {
            new Thread(run).start();
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }
}
