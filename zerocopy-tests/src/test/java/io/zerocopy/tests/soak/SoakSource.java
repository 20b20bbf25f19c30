package io.zerocopy.tests.soak;

import io.zerocopy.Part;
import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The source of one transfer of a soak, which knows what was taken from it. */
final class SoakSource {
    /** The kinds of source. */
    enum Kind {
        FILE,
        PATH,
        PIPE,
        TCP,
        UNIX,
        WRAPPED,
        STREAM,
        MEMORY,
        PARTS;

        boolean isFile() {
            return this == FILE || this == PATH;
        }
    }

    private final SoakPlace place;
    private final SoakContent content;
    private final Kind kind;
    private final Random random;
    private Channel channel; // null if there is none
    private ReadableByteChannel flow; // for a source without positions
    private InputStream stream; // a class of the test itself
    private final List<ByteBuffer> memory = new ArrayList<>();
    private long position = -1; // the file channel's position at the start
    private boolean ranged;

    SoakSource(SoakPlace place, SoakContent content, Kind kind, Random random) {
        this.place = place;
        this.content = content;
        this.kind = kind;
        this.random = random;
    }

    Transfer.Builder open() throws IOException {
        switch (kind) {
            case FILE, PATH:
                return file();
            case MEMORY:
                return Transfers.from(buffers(content.body()));
            case PARTS:
                return Transfers.concat(parts());
            case STREAM:
                stream = new ByteArrayInputStream(content.stream());
                return bounded(Transfers.from(
                        new InputStream() { // a class that the library does not know
                            @Override
                            public int read() {
                                throw new AssertionError("byte by byte");
                            }

                            @Override
                            public int read(byte[] bytes, int offset, int length) throws IOException {
                                return stream.read(bytes, offset, Math.min(length, 1 + random.nextInt(50_000)));
                            }
                        }));
            default:
                return flow();
        }
    }

    private Transfer.Builder bounded(Transfer.Builder builder) {
        return content.isBounded() ? builder.count(content.size()) : builder;
    }

    private Transfer.Builder file() throws IOException {
        Path path = place.file(random);
        content.writeTo(path);
        ranged = content.isBounded() && random.nextBoolean();
        Transfer.Builder builder;
        if (kind == Kind.PATH) {
            builder = Transfers.from(path);
            ranged = content.isBounded();
        } else {
            FileChannel file = place.keep(FileChannel.open(path));
            position = ranged ? random.nextInt(1000) : content.before();
            channel = file.position(position);
            builder = Transfers.from(file);
        }
        return ranged ? builder.range(content.before(), content.size()) : bounded(builder);
    }

    private ByteBuffer[] buffers(ByteBuffer bytes) {
        List<ByteBuffer> cut = new ArrayList<>();
        boolean direct = random.nextBoolean();
        int pieces = random.nextInt(3) == 0 ? 1 + random.nextInt(40) : 1;
        for (int i = pieces; i > 0; i--) {
            int n = i == 1 ? bytes.remaining() : random.nextInt(bytes.remaining() + 1);
            ByteBuffer copy = direct ? ByteBuffer.allocateDirect(n) : ByteBuffer.allocate(n);
            cut.add(copy.put(bytes.slice(bytes.position(), n)).flip());
            bytes.position(bytes.position() + n);
        }
        memory.addAll(cut);
        return cut.toArray(ByteBuffer[]::new);
    }

    private Part[] parts() throws IOException {
        Path path = place.file(random);
        content.writeTo(path);
        FileChannel file = place.keep(FileChannel.open(path));
        position = 0;
        channel = file;
        List<Part> parts = new ArrayList<>();
        ByteBuffer left = content.body();
        while (left.hasRemaining()) {
            int at = left.position();
            int n = Math.min(left.remaining(), 1 + random.nextInt(random.nextBoolean() ? 5_000 : 300_000));
            long in = content.before() + at;
            switch (random.nextInt(3)) {
                case 0 -> parts.add(Part.of(left.slice(at, n)));
                case 1 -> parts.add(Part.of(path, in, n));
                default -> parts.add(Part.of(file, in, n));
            }
            left.position(at + n);
        }
        return parts.toArray(Part[]::new);
    }

    private Transfer.Builder flow() throws IOException {
        if (kind == Kind.PIPE) {
            Pipe pipe = Pipe.open();
            flow = place.keep(pipe.source());
            feed(place.keep(pipe.sink()));
        } else {
            SocketChannel[] pair = kind == Kind.UNIX ? place.unix() : place.tcp();
            flow = pair[0];
            feed(pair[1]);
        }
        channel = flow;
        return bounded(kind == Kind.WRAPPED ? Transfers.from(Channels.newInputStream(flow)) : Transfers.from(flow));
    }

    /**
     * Writes the source's bytes. If a write fails, the transfer has ended early and does not need them; its test checks
     * the rest.
     */
    private void feed(WritableByteChannel out) {
        place.peer(() -> {
            try (out) {
                ByteBuffer all = ByteBuffer.wrap(content.stream());
                while (all.hasRemaining()) {
                    out.write(all);
                }
            } catch (IOException gone) {
                return null;
            }
            return null;
        });
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

    /**
     * Fails unless exactly so many bytes of the body were taken from the source, if the source can say.
     *
     * @param delivered bytes of the body that were counted
     * @param taken bytes that were counted or handed back
     */
    void judge(int delivered, int taken) throws IOException {
        if (kind == Kind.MEMORY) {
            int sum = memory.stream().mapToInt(ByteBuffer::position).sum();
            require(sum == taken, "the buffers stand at " + sum);
        } else if (channel instanceof FileChannel file && file.isOpen()) {
            long stands = file.position();
            require(
                    stands == (ranged || kind == Kind.PARTS ? position : position + delivered),
                    "it stands at " + stands);
        } else if (stream != null) {
            rest(Channels.newChannel(stream), taken);
        } else if (flow != null && flow.isOpen()) {
            ((SelectableChannel) flow).configureBlocking(true);
            rest(flow, taken);
        }
    }

    /** Reads the remaining bytes and checks that they follow the taken ones. */
    private void rest(ReadableByteChannel from, int taken) throws IOException {
        byte[] bytes = new byte[8192];
        int count = taken;
        for (int n = from.read(ByteBuffer.wrap(bytes)); n >= 0; n = from.read(ByteBuffer.wrap(bytes))) {
            content.checkRest(bytes, n, count);
            count += n;
        }
        require(count == content.stream().length, (count - taken) + " bytes were left in the source");
    }

    private static void require(boolean right, String what) {
        if (!right) {
            throw new AssertionError("of the source: " + what);
        }
    }
}
