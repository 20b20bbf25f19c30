package io.zerocopy.tests.waiting;

import io.zerocopy.Mechanism;
import io.zerocopy.Transfer;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The two ends of a connection, each in its own network namespace: {@code receive ADDRESS} and {@code send ADDRESS}.
 */
final class VethSubject {
    static final int SIZE = 24 << 20;
    private static final int PORT = 7777;
    private static final int SENDS = 3;

    private VethSubject() {}

    public static void main(String[] args) throws Exception {
        InetSocketAddress address = new InetSocketAddress(args[1], PORT);
        if (args[0].equals("receive")) {
            receive(address);
        } else {
            send(address);
        }
    }

    /** Reads each send to its end before the next connection. */
    private static void receive(InetSocketAddress address) throws IOException, InterruptedException {
        byte[] expected = Content.PATTERN.bytes(0, SIZE);
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(address)) {
            for (int connection = 0; connection < 2; connection++) {
                try (SocketChannel from = server.accept()) {
                    TimeUnit.MILLISECONDS.sleep(300); // so that all buffers on the way are full of references
                    InputStream in = from.socket().getInputStream();
                    for (int i = 0; i < SENDS; i++) {
                        System.out.println("intact " + Arrays.equals(in.readNBytes(SIZE), expected));
                    }
                }
            }
        }
    }

    private static void send(InetSocketAddress address) throws Exception {
        try (SocketChannel to = connect(address)) {
            for (int i = 0; i < SENDS; i++) {
                ByteBuffer buffer = buffer();
                Transfer transfer = Transfers.from(buffer).to(to).build();
                System.out.println("plan " + transfer.plan().chosen().orElseThrow());
                tell(transfer.run(), buffer);
            }
        }
        try (SocketChannel to = connect(address);
                Selector selector = Selector.open()) {
            to.configureBlocking(false);
            SelectionKey key = to.register(selector, 0);
            for (int i = 0; i < SENDS; i++) {
                ByteBuffer buffer = buffer();
                try (TransferSession session =
                        Transfers.from(buffer).to(to).build().open()) {
                    tell(drive(session, key), buffer);
                }
            }
        }
    }

    private static TransferResult drive(TransferSession session, SelectionKey key) throws IOException {
        int wakeups = 0;
        Status status = session.advance();
        while (status != Status.DONE) {
            if (status == Status.AWAIT_TARGET) {
                key.interestOps(session.interestOps(status));
                key.selector().select(1000);
                key.selector().selectedKeys().clear();
                wakeups++;
            }
            status = session.advance();
        }
        System.out.println("wakeups " + wakeups);
        return session.result();
    }

    private static SocketChannel connect(InetSocketAddress address) throws Exception {
        for (int i = 0; ; i++) {
            try {
                return SocketChannel.open(address);
            } catch (ConnectException notYet) {
                if (i > 6000) {
                    throw notYet;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private static ByteBuffer buffer() {
        return ByteBuffer.allocateDirect(SIZE)
                .put(Content.PATTERN.bytes(0, SIZE))
                .flip();
    }

    private static void tell(TransferResult result, ByteBuffer buffer) {
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.put(i, (byte) 0x55);
        }
        long inPlace = result.legs().stream()
                .filter(leg -> leg.mechanism() == Mechanism.MSG_ZEROCOPY)
                .mapToLong(TransferResult.Leg::bytes)
                .sum();
        String why =
                result.fallbacks().isEmpty() ? "-" : result.fallbacks().get(0).reason();
        System.out.println("sent " + result.bytes() + " inplace " + inPlace + " because " + why);
    }
}
