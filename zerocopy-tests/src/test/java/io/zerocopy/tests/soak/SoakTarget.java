package io.zerocopy.tests.soak;

import io.zerocopy.Transfer;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Future;

/** The target of one transfer of a soak, whose other side counts and checks what arrives. */
final class SoakTarget {
    /** The kinds of target. */
    enum Kind {
        FILE,
        PATH,
        PIPE,
        TCP,
        UNIX,
        WRAPPED,
        STREAM;

        boolean isFile() {
            return this == FILE || this == PATH;
        }
    }

    private final SoakPlace place;
    private final SoakContent content;
    private final Kind kind;
    private final Random random;
    private Channel channel; // null if there is none
    private SocketChannel peer;
    private Path file;
    private byte[] before; // the file's bytes at the start
    private int first; // position of the first byte in the file
    private boolean positioned;
    private Future<Integer> drained;
    private int streamed;
    private volatile int resetAfter = Integer.MAX_VALUE;

    SoakTarget(SoakPlace place, SoakContent content, Kind kind, Random random) {
        this.place = place;
        this.content = content;
        this.kind = kind;
        this.random = random;
    }

    void open(Transfer.Builder builder) throws IOException {
        switch (kind) {
            case FILE, PATH -> openFile(builder);
            case STREAM ->
                builder.to(
                        new OutputStream() { // a class that the library does not know
                            @Override
                            public void write(int one) {
                                throw new AssertionError("byte by byte");
                            }

                            @Override
                            public void write(byte[] bytes, int offset, int length) {
                                content.check(bytes, offset, length, streamed);
                                streamed += length;
                            }
                        });
            default -> openFlow(builder);
        }
    }

    private void openFile(Transfer.Builder builder) throws IOException {
        file = place.file(random);
        before = new byte[0];
        if (kind == Kind.PATH) {
            builder.to(file);
            return;
        }
        first = random.nextBoolean() ? random.nextInt(10_000) : 0;
        if (random.nextBoolean()) {
            before = content.opposite(-first, first + random.nextInt(content.total() + 10_000));
        }
        Files.write(file, before);
        FileChannel to = place.keep(FileChannel.open(file, StandardOpenOption.WRITE));
        positioned = random.nextBoolean();
        channel = positioned ? to : to.position(first);
        builder.to(to);
        if (positioned) {
            builder.targetPosition(first);
        }
    }

    private void openFlow(Transfer.Builder builder) throws IOException {
        WritableByteChannel to;
        if (kind == Kind.PIPE) {
            Pipe pipe = Pipe.open();
            to = place.keep(pipe.sink());
            drain(place.keep(pipe.source()));
        } else {
            SocketChannel[] pair = kind == Kind.UNIX ? place.unix() : place.tcp();
            to = pair[1];
            peer = pair[0];
            drain(pair[0]);
        }
        channel = to;
        if (kind == Kind.WRAPPED) {
            builder.to(Channels.newOutputStream(to));
        } else {
            builder.to(to);
        }
    }

    private void drain(ReadableByteChannel in) {
        drained = place.peer(() -> {
            byte[] bytes = new byte[8192];
            int count = 0;
            try {
                for (int n = 0; n >= 0 && count < resetAfter; n = in.read(ByteBuffer.wrap(bytes))) {
                    content.check(bytes, 0, n, count);
                    count += n;
                }
                if (count >= resetAfter) {
                    peer.setOption(StandardSocketOptions.SO_LINGER, 0);
                    peer.close();
                }
            } catch (IOException reset) {
                return count;
            }
            return count;
        });
    }

    /** Makes the target's peer reset the connection once it has read so many bytes. */
    void resetAfter(int count) {
        resetAfter = count;
    }

    /** Returns the channel that ends the transfer if it is closed; null if nothing can be closed. */
    Channel channel() {
        return channel;
    }

    void nonBlocking() throws IOException {
        if (channel instanceof SelectableChannel selectable && kind != Kind.WRAPPED) {
            selectable.configureBlocking(false);
        }
    }

    /** Fails unless an open file channel is at the correct position. */
    void judge(int transferred) throws IOException {
        if (channel instanceof FileChannel to && to.isOpen()) {
            long expected = positioned ? 0 : first + transferred;
            if (to.position() != expected) {
                throw new AssertionError("the target stands at " + to.position() + ", not at " + expected);
            }
        }
    }

    /** Closes the target, checks every byte that arrived at its other side, and returns their number. */
    int arrived() throws Exception {
        if (channel != null) {
            channel.close();
        }
        return file != null ? arrivedInFile() : drained != null ? TestFixture.join(drained) : streamed;
    }

    /** Returns how many bytes of the file are the source's; the bytes around them must be unchanged. */
    private int arrivedInFile() throws IOException {
        byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        byte[] around = Arrays.copyOf(before, Math.max(before.length, bytes.length));
        int count = first >= bytes.length ? 0 : content.matching(bytes, first);
        int end = Math.min(first + count, bytes.length);
        boolean same = Arrays.equals(bytes, 0, Math.min(first, bytes.length), around, 0, Math.min(first, bytes.length))
                && Arrays.equals(bytes, end, bytes.length, around, end, bytes.length);
        if (!same || bytes.length < before.length || bytes.length > Math.max(before.length, first + count)) {
            throw new AssertionError("the target has " + bytes.length + " bytes and had " + before.length + "; from "
                    + first + " on " + count + " are the source's, and the others are not as they were");
        }
        return count;
    }
}
