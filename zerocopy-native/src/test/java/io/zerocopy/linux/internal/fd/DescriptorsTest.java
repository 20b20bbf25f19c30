package io.zerocopy.linux.internal.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which descriptor a channel has, its kind, and which streams only wrap a channel. */
class DescriptorsTest {
    private final ScriptedSyscalls script = new ScriptedSyscalls();
    private final Kernel kernel = new Kernel(script.sys());
    private final ChannelFixture ends = new ChannelFixture();

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    private EndpointKind kind(Closeable end) {
        return kernel.source(end).facts().kind();
    }

    @Test
    void everyChannelOfTheJdkIsWhatTheKernelSays() throws IOException {
        assertThat(kind(ends.file(3))).isEqualTo(EndpointKind.FILE);
        assertThat(kind(ends.file(0))).isEqualTo(EndpointKind.FILE);
        assertThat(kind(ends.keep(FileChannel.open(Path.of("/proc/self/stat")))))
                .isEqualTo(EndpointKind.VIRTUAL_FILE);
        assertThat(kind(ends.keep(FileChannel.open(Path.of("/dev/null"))))).isEqualTo(EndpointKind.DEVICE);
        Pipe pipe = ends.pipe();
        assertThat(kind(pipe.source())).isEqualTo(EndpointKind.PIPE);
        assertThat(kernel.target(pipe.sink()).facts().kind()).isEqualTo(EndpointKind.PIPE);
        assertThat(kind(ends.tcp()[0])).isEqualTo(EndpointKind.TCP);
        Path path = Files.createTempDirectory("zerocopy").resolve("socket");
        ends.keep(() -> Files.delete(path.getParent()));
        ends.keep(() -> Files.delete(path));
        try (ServerSocketChannel server =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(java.net.UnixDomainSocketAddress.of(path))) {
            assertThat(kind(ends.keep(SocketChannel.open(server.getLocalAddress()))))
                    .isEqualTo(EndpointKind.UNIX);
        }
    }

    /** Without the check the first failure would be "lseek: EBADF", which does not name the reason. */
    @Test
    void aDescriptorThatStandsForANameIsRefused() throws IOException {
        String path = ends.path().toString();
        int fd = script.sys().open(path, C.O_PATH | C.O_CLOEXEC, 0);
        try {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.adopt(ends.file(1), fd))
                    .withMessageContaining("descriptor " + fd + " was opened with O_PATH");
        } finally {
            script.sys().close(fd);
        }
    }

    @Test
    void factsOfAFile() throws IOException {
        Path path = ends.path();
        Files.write(path, new byte[77]);
        Target target = kernel.target(ends.keep(FileChannel.open(path, StandardOpenOption.APPEND)));
        EndpointFacts described = kernel.describe(path, false);
        assertThat(target.facts().append()).isTrue();
        assertThat(target.facts().sameFile(described)).isTrue();
        assertThat(target.facts().fileSystem())
                .isEqualTo(described.fileSystem())
                .isNotEmpty();
        assertThat(target.size()).isEqualTo(described.size()).isEqualTo(77);
    }

    @Test
    void aTargetThatDoesNotExistIsDescribedAsTheFileThatWouldBeMade() throws IOException {
        Path directory = ends.path().getParent();
        EndpointFacts facts = kernel.describe(directory.resolve("zerocopy-there-is-no-such-file"), true);
        assertThat(facts.kind()).isEqualTo(EndpointKind.FILE);
        assertThat(facts.size()).isZero();
        assertThat(facts.inode()).isZero();
        assertThat(facts.device()).isEqualTo(kernel.describe(ends.path(), false).device());
        assertThat(kernel.describe(directory.resolve("zerocopy-there-is-no-such-file"), false))
                .isNull();
        assertThat(kernel.describe(directory, false)).isNull();
    }

    /** The C library may be asked for another name than the JDK would use. */
    @Test
    void aFileWhoseNameCannotBeEncodedIsNotTakenForNew() throws IOException {
        if (!Charset.forName(System.getProperty("sun.jnu.encoding"))
                .newEncoder()
                .canEncode((char) 0xE9)) {
            return; // under this locale the JDK itself refuses the name
        }
        Path path = ends.path().resolveSibling("zerocopy-test-" + (char) 0xE9);
        Files.createFile(path);
        ends.keep(() -> Files.delete(path));
        script.answer("statx", -Errno.ENOENT);
        assertThat(kernel.describe(path, true)).isNull();
    }

    @Test
    void channelsOfOthersHaveNoDescriptor() throws IOException {
        ReadableByteChannel wrapper = Channels.newChannel(new ByteArrayInputStream(new byte[3]));
        assertThat(kernel.source(wrapper)).isNull();
        SocketChannel socket = ends.tcp()[0];
        ReadableByteChannel own = new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer target) throws IOException {
                return socket.read(target);
            }

            @Override
            public boolean isOpen() {
                return socket.isOpen();
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        };
        assertThat(kernel.source(own)).isNull();
    }

    @Test
    void aClosedChannelHasNoPort() throws IOException {
        FileChannel file = ends.file(3);
        file.close();
        assertThat(kernel.source(file)).isNull();
    }

    /** A datagram socket that was passed in as a descriptor: only the kernel knows its kind. */
    @Test
    void datagramSocketsAreRefused() throws IOException {
        SocketChannel socket = ends.tcp()[0];
        script.answer("getsockopt", arguments -> {
            new com.sun.jna.Pointer((long) arguments[3]).setInt(0, 1);
            return 0;
        });
        script.answer("getsockopt", arguments -> {
            new com.sun.jna.Pointer((long) arguments[3]).setInt(0, 2);
            return 0;
        });
        assertThatIllegalArgumentException().isThrownBy(() -> kernel.source(socket));
    }

    @Test
    void aSocketOfWhichTheKernelSaysNothingHasNoDescriptor() throws IOException {
        SocketChannel socket = ends.tcp()[0];
        script.answer("getsockopt", 0, -Errno.EPERM);
        assertThat(kernel.source(socket)).isNull();
        assertThat(kind(socket)).isEqualTo(EndpointKind.TCP); // the next time it does
    }

    /** If the file were treated as new, the library would not see that it is the source, and would empty it. */
    @Test
    void aTargetThatCannotBeLookedAtIsNotTakenForNew() throws IOException {
        script.answer("statx", -Errno.EIO);
        assertThat(kernel.describe(ends.path(), true)).isNull();
    }

    /** No other code could read it. */
    @Test
    void aFifoIsOneAlthoughTheKernelDoesNotSaySo() throws Exception {
        Path path = ends.path().resolveSibling("zerocopy-fifo-" + System.nanoTime());
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
        ends.keep(() -> Files.delete(path));
        RandomAccessFile both = ends.keep(new RandomAccessFile(path.toFile(), "rw"));
        both.write(7);
        Channel fifo = ends.keep(kernel.open(path, Set.of(StandardOpenOption.READ), () -> {}));
        script.answer("statx", -Errno.EIO);
        Source source = kernel.source(fifo);
        assertThat(script.isPlayed()).isTrue();
        assertThat(source.facts().kind()).isEqualTo(EndpointKind.PIPE);
        source.acquire();
        assertThat(source.read(ByteBuffer.allocateDirect(10), 0)).isEqualTo(1);
        assertThat(source.read(ByteBuffer.allocateDirect(10), 0)).isEqualTo(Step.AWAIT_SOURCE);
        source.release();
        assertThatThrownBy(() -> kernel.target(fifo).acquire()).isInstanceOf(NonWritableChannelException.class);
    }

    @Test
    void streamsThatAddNothingAreTheirChannels() throws IOException {
        FileChannel file = ends.file(3);
        SocketChannel socket = ends.tcp()[0];
        assertUnwraps(Channels.newInputStream(file), file);
        assertUnwraps(Channels.newOutputStream(file), file);
        assertUnwraps(Channels.newInputStream(socket), socket);
        assertUnwraps(Channels.newOutputStream(socket), socket);
        Path path = ends.path();
        try (FileInputStream in = new FileInputStream(path.toFile());
                FileOutputStream out = new FileOutputStream(path.toFile())) {
            assertUnwraps(in, in.getChannel());
            assertUnwraps(out, out.getChannel());
        }
    }

    private void assertUnwraps(Closeable stream, Channel channel) {
        assertThat(kernel.unwrap(stream)).isSameAs(channel);
    }

    @Test
    void streamsThatMayAddSomethingAreNot() throws IOException {
        Path path = ends.path();
        try (BufferedInputStream buffered = new BufferedInputStream(Files.newInputStream(path));
                GZIPOutputStream compressed = new GZIPOutputStream(new FileOutputStream(path.toFile()));
                FileInputStream subclass = new FileInputStream(path.toFile()) {}) {
            assertThat(kernel.unwrap(buffered)).isNull();
            assertThat(kernel.unwrap(compressed)).isNull();
            assertThat(kernel.unwrap(subclass)).isNull();
            assertThat(kernel.unwrap(new ByteArrayInputStream(new byte[0]))).isNull();
        }
    }

    /** The stream's channel would wait for ever. */
    @Test
    void aSocketsStreamWithAReadTimeoutIsNotUnwrapped() throws IOException {
        SocketChannel socket = ends.tcp()[0];
        socket.socket().setSoTimeout(1000);
        assertThat(kernel.unwrap(socket.socket().getInputStream())).isNull();
    }
}
