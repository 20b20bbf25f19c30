package io.zerocopy.nio.internal.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.nio.internal.PathFacts;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortsTest {
    @TempDir
    Path folder;

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String read(Source source, long position, boolean direct) throws IOException {
        ByteBuffer into = direct ? ByteBuffer.allocateDirect(100) : ByteBuffer.allocate(100);
        long n = source.read(into.position(2), position);
        assertThat(n).isEqualTo(into.position() - 2);
        byte[] bytes = new byte[(int) n];
        into.get(2, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsAFileByPositionIntoAnyBuffer(boolean direct) throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "0123456789");
        try (FileChannel channel = FileChannel.open(file)) {
            Source source = new FileSource(channel.position(4));
            assertThat(source.facts()).isEqualTo(EndpointFacts.of(EndpointKind.FILE, 10, true));
            assertThat(read(source, 7, direct)).isEqualTo("789");
            assertThat(source.read(ByteBuffer.allocate(1), 10)).isEqualTo(Step.END);
            assertThat(source.position()).isEqualTo(4);
        }
    }

    @Test
    void takesAFileWithoutASizeForAVirtualOne() throws IOException {
        try (FileChannel channel = FileChannel.open(Files.createFile(folder.resolve("empty")))) {
            assertThat(new FileSource(channel).facts().kind()).isEqualTo(EndpointKind.VIRTUAL_FILE);
        }
    }

    @Test
    void takesAFifoForAPipeOnBothEnds() throws IOException, InterruptedException {
        Path fifo = folder.resolve("fifo");
        assumeTrue(Files.exists(Path.of("/usr/bin/mkfifo")), "no mkfifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        try (FileChannel both = FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Source source = new FileSource(both);
            Target target = new FileTarget(both);
            assertThat(source.facts().kind()).isEqualTo(EndpointKind.PIPE);
            assertThat(target.facts().kind()).isEqualTo(EndpointKind.PIPE);
            assertThat(target.write(text("through"), Target.NO_POSITION)).isEqualTo(7);
            assertThat(read(source, 0, false)).isEqualTo("through");
            assertThat(PathFacts.of(fifo, false).kind()).isEqualTo(EndpointKind.PIPE);
        }
    }

    @Test
    void tellsAppendingChannelsFromOthersAndLeavesTheirPositions() throws IOException {
        Path file = folder.resolve("f");
        for (String content : new String[] {"", "abc"}) {
            Files.writeString(file, content);
            try (FileChannel append = FileChannel.open(file, StandardOpenOption.APPEND);
                    FileChannel write = FileChannel.open(file, StandardOpenOption.WRITE);
                    FileOutputStream stream = new FileOutputStream(file.toFile(), true)) {
                write.position(content.length());
                assertThat(new FileTarget(append).facts().append()).isTrue();
                assertThat(new FileTarget(stream.getChannel()).facts().append()).isTrue();
                assertThat(new FileTarget(write).facts().append()).isFalse();
                assertThat(write.position()).isEqualTo(content.length());
                assertThat(write.size()).isEqualTo(content.length());
            }
        }
    }

    @Test
    void appendsWhereNoPositionIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "abc");
        try (FileChannel append = FileChannel.open(file, StandardOpenOption.APPEND)) {
            Target target = new FileTarget(append);
            assertThat(target.write(text("de"), Target.NO_POSITION)).isEqualTo(2);
            ByteBuffer[] many = {text("f"), text("g").asReadOnlyBuffer(), ByteBuffer.allocateDirect(0), text("h")};
            assertThat(target.write(many, 0, 4, Target.NO_POSITION)).isEqualTo(3);
            target.release();
        }
        assertThat(file).hasContent("abcdefgh");
    }

    @Test
    void asksForPositionAndSizeThoughTheThreadIsInterrupted() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "0123456789");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Thread.currentThread().interrupt();
            Source source = new FileSource(channel);
            Target target = new FileTarget(channel);
            target.position(5);
            assertThat(source.position()).isEqualTo(5);
            assertThat(target.size()).isEqualTo(10);
            assertThat(source.await(1_000_000_000)).isTrue();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(channel.isOpen()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void tellsTcpFromUnixAndBlockingFromNot() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (SocketChannel a = SocketChannel.open(server.getLocalAddress());
                    SocketChannel b = server.accept()) {
                b.configureBlocking(false);
                assertThat(new ChannelTarget(a).facts()).isEqualTo(EndpointFacts.of(EndpointKind.TCP, -1, true));
                Source source = new ChannelSource(b);
                assertThat(source.facts()).isEqualTo(EndpointFacts.of(EndpointKind.TCP, -1, false));
                assertThat(source.read(ByteBuffer.allocate(10), 0)).isEqualTo(Step.AWAIT_SOURCE);
                a.shutdownOutput();
                b.configureBlocking(true);
                assertThat(source.read(ByteBuffer.allocate(10), 0)).isEqualTo(Step.END);
            }
        }
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            try (SocketChannel a = SocketChannel.open(address);
                    SocketChannel b = server.accept()) {
                assertThat(new ChannelSource(a).facts().kind()).isEqualTo(EndpointKind.UNIX);
                assertThat(new ChannelTarget(b).facts().kind()).isEqualTo(EndpointKind.UNIX);
            }
        }
    }

    @Test
    void saysThatAFullPipeTakesNothing() throws IOException {
        Pipe pipe = Pipe.open();
        try (Pipe.SinkChannel sink = pipe.sink();
                Pipe.SourceChannel source = pipe.source()) {
            sink.configureBlocking(false);
            Target target = new ChannelTarget(sink);
            assertThat(target.facts()).isEqualTo(EndpointFacts.of(EndpointKind.PIPE, -1, false));
            assertThat(source.isBlocking()).isTrue();
            ByteBuffer heap = ByteBuffer.allocate(1 << 20);
            long n = 0;
            while (n >= 0) {
                n = target.write(heap, Target.NO_POSITION);
            }
            assertThat(n).isEqualTo(Step.AWAIT_TARGET);
            assertThat(heap.position()).isPositive().isLessThan(heap.capacity());
        }
    }

    @Test
    void movesThroughStreamsAndForeignChannels() throws IOException {
        for (boolean direct : new boolean[] {true, false}) {
            InputStream bytes = new ByteArrayInputStream("stream".getBytes(StandardCharsets.US_ASCII));
            Source source = new StreamSource(bytes);
            assertThat(read(source, 0, direct)).isEqualTo("stream");
            assertThat(source.read(ByteBuffer.allocateDirect(1), 0)).isEqualTo(Step.END);

            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Target stream = new StreamTarget(out);
            Target channel = new ChannelTarget(Channels.newChannel(out));
            ByteBuffer buffer = direct
                    ? ByteBuffer.allocateDirect(9)
                    : ByteBuffer.allocate(9).slice();
            buffer.put(3, "abc".getBytes(StandardCharsets.US_ASCII));
            assertThat(stream.write(buffer.position(3).limit(6), -1)).isEqualTo(3);
            assertThat(buffer.hasRemaining()).isFalse();
            assertThat(channel.write(buffer.position(3).asReadOnlyBuffer(), -1)).isEqualTo(3);
            assertThat(stream.write(buffer.position(4).asReadOnlyBuffer(), -1)).isEqualTo(2);
            assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("abcabcbc");
            assertThat(channel.facts().kind()).isEqualTo(EndpointKind.OPAQUE);
        }
    }

    @Test
    void countsNothingOfAWriteInWhichAStreamFailed() {
        Target target = new StreamTarget(new ByteArrayOutputStream() {
            @Override
            public void write(byte[] bytes, int offset, int length) {
                throw new UncheckedIOException(new IOException("no"));
            }
        });
        ByteBuffer buffer = ByteBuffer.allocateDirect(10);
        assertThatThrownBy(() -> target.write(buffer, -1)).hasMessageContaining("no");
        assertThat(buffer.position()).isZero();
    }
}
