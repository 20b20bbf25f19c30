package io.zerocopy.tests.servers;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.BooleanSupplier;

/**
 * Many clients on one thread, each asking for the same small file again a while after it has it: people, not a load
 * that takes whatever it can get.
 */
final class SmallClients implements AutoCloseable {
    private static final long PAUSE_NANOS = 40_000_000;
    private static final int WANTED = 2000;
    private static final byte[] BODY_FOLLOWS = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Selector selector = Selector.open();
    private final byte[] request;
    private final Deque<Client> pausing = new ArrayDeque<>();
    private long[] nanos = new long[1 << 14];
    private int answers;

    /** One client: what it has of the answer, and when it asked. */
    private final class Client {
        final SocketChannel channel;
        final ByteBuffer answer = ByteBuffer.allocate(4096);
        long asked;
        long answered;

        Client(SocketChannel channel) {
            this.channel = channel;
        }

        void ask() throws IOException {
            answer.clear();
            asked = System.nanoTime();
            if (channel.write(ByteBuffer.wrap(request)) != request.length) {
                throw new IOException("a socket without room for a request");
            }
        }

        void read() throws IOException {
            if (channel.read(answer) < 0) {
                throw new EOFException("a small client was left");
            }
            if (isWhole()) {
                answered = System.nanoTime();
                add(answered - asked);
                pausing.add(this);
            }
        }

        private boolean isWhole() throws IOException {
            String text = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
            int head = text.indexOf(new String(BODY_FOLLOWS, StandardCharsets.US_ASCII));
            if (head < 0 || !text.endsWith("small")) {
                return false;
            }
            if (!text.startsWith("HTTP/1.1 200") || text.length() != head + BODY_FOLLOWS.length + "small".length()) {
                throw new IOException("no answer: " + text);
            }
            return true;
        }
    }

    SmallClients(InetSocketAddress server, String target, int count) throws IOException {
        request = HttpClient.head("GET", target).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(server);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new Client(channel));
        }
    }

    /** Asks until a condition ends and enough has been seen; the time that 99 of 100 answers took at most. */
    long percentile99While(BooleanSupplier condition) throws IOException {
        for (SelectionKey key : selector.keys()) {
            ((Client) key.attachment()).ask();
        }
        while (condition.getAsBoolean() || answers < WANTED) {
            selector.select(5);
            long now = System.nanoTime();
            while (!pausing.isEmpty() && now - pausing.peek().answered > PAUSE_NANOS) {
                pausing.remove().ask();
            }
            for (Iterator<SelectionKey> ready = selector.selectedKeys().iterator(); ready.hasNext(); ) {
                ((Client) ready.next().attachment()).read();
                ready.remove();
            }
        }
        long[] sorted = Arrays.copyOf(nanos, answers);
        Arrays.sort(sorted);
        return sorted[answers * 99 / 100];
    }

    private void add(long time) {
        if (answers == nanos.length) {
            nanos = Arrays.copyOf(nanos, answers * 2);
        }
        nanos[answers++] = time;
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
