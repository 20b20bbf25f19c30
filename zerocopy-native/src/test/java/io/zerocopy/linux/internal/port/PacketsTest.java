package io.zerocopy.linux.internal.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.Transfers;
import io.zerocopy.linux.internal.fd.LeaseCache;
import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.machine.NativeBinding;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The number of packets of a transfer, as TCP itself counts them. */
class PacketsTest {
    private static final int TCP_INFO = 11;
    private static final int DATA_SEGS_OUT = 156;

    private final Syscalls sys = NativeBinding.bound().syscalls();
    private final ChannelFixture ends = new ChannelFixture();
    private SocketChannel[] pair;

    @BeforeEach
    void open() throws IOException {
        pair = ends.tcp();
        pair[0].setOption(StandardSocketOptions.TCP_NODELAY, true); // every send on its own would be a packet
    }

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    private int packets() {
        Memory memory = Memory.take();
        try {
            memory.putInt(0, 192);
            int fd = new LeaseCache(sys).lease(pair[0]).fd();
            assertThat(sys.getsockopt(fd, C.IPPROTO_TCP, TCP_INFO, memory.address(8), memory.address()))
                    .isZero();
            return memory.getInt(8 + DATA_SEGS_OUT);
        } finally {
            memory.release();
        }
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocateDirect(count);
    }

    private void receive(int count) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(count);
        while (all.hasRemaining()) {
            assertThat(pair[1].read(all)).isPositive();
        }
    }

    /** As one gathered write, and with sendfile. */
    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NEVER"})
    void headerAndBodyShareOne(Preference gathered) throws IOException {
        try (FileChannel file = ends.file(16_000)) {
            Transfers.from(file)
                    .header(bytes(200))
                    .to(pair[0])
                    .use(Mechanism.GATHER_WRITE, gathered)
                    .build()
                    .run();
        }
        receive(16_200);
        assertThat(packets()).isEqualTo(1);
    }

    /** As one gathered write, and with sendfile. */
    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NEVER"})
    void headerBodyAndTrailerShareOne(Preference gathered) throws IOException {
        try (FileChannel file = ends.file(16_000)) {
            Transfers.from(file)
                    .header(bytes(200))
                    .trailer(bytes(100))
                    .to(pair[0])
                    .use(Mechanism.GATHER_WRITE, gathered)
                    .build()
                    .run();
        }
        receive(16_300);
        assertThat(packets()).isEqualTo(1);
    }

    @Test
    void aBodyThatIsEmptyKeepsNoHeaderBack() throws IOException {
        try (FileChannel file = ends.file(10)) {
            Transfers.from(file)
                    .range(10, 10)
                    .header(bytes(200))
                    .to(pair[0])
                    .build()
                    .run();
        }
        assertThat(packets()).isEqualTo(1);
        receive(200);
    }

    /** While it is unknown when the source continues, the available bytes are sent. */
    @Test
    void aHeaderDoesNotWaitForAnIdleSource() throws IOException {
        Pipe pipe = ends.pipe();
        pipe.source().configureBlocking(false);
        pair[0].configureBlocking(false);
        try (TransferSession session = Transfers.from(pipe.source())
                .header(bytes(200))
                .to(pair[0])
                .build()
                .open()) {
            assertThat(session.advance()).isEqualTo(Status.AWAIT_SOURCE);
            assertThat(packets()).isEqualTo(1);
            receive(200);
        }
    }

    @Test
    void aCancelledTransferKeepsNothingBack() throws IOException {
        pair[0].configureBlocking(false);
        try (FileChannel file = ends.file(100_000)) {
            TransferSession session = Transfers.from(file)
                    .range(0, 100_000)
                    .header(bytes(200))
                    .trailer(bytes(10))
                    .to(pair[0])
                    .onProgress((transferred, total) -> {
                        if (transferred == 200) {
                            throw new IllegalStateException("cancelled behind the header");
                        }
                    })
                    .build()
                    .open();
            assertThatThrownBy(session::advance).isInstanceOf(IllegalStateException.class);
        }
        assertThat(packets()).isEqualTo(1);
        receive(200);
    }
}
