package io.zerocopy.tests.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zerocopy.Mechanism;
import io.zerocopy.Part;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import io.zerocopy.linux.DirectFile;
import io.zerocopy.nio.FileTruncatedException;
import io.zerocopy.nio.MappedFile;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Buffers whose memory is unmapped, like a window of a closed {@code MappedFile} from Java 22 on: nothing reads or
 * writes at its address. Before 22 such a window keeps its memory and its content.
 */
class DeadBuffersTest {
    private static final int SIZE = 300_000;
    private static final boolean GUARDED = Runtime.version().feature() >= 22;

    private TestFixture fixture;
    private MappedFile mapped;
    private ByteBuffer window;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
        mapped = MappedFile.open(fixture.file(SIZE), MappedFile.Access.READ_WRITE);
        window = mapped.window(0, SIZE);
    }

    @AfterEach
    void close() throws Exception {
        window = null;
        mapped.close();
        fixture.close();
    }

    /** Returns the bytes of a transfer that arrive at a socket; none if the transfer is refused. */
    private byte[] sent(Transfer.Builder builder, boolean refused) throws Exception {
        SocketChannel[] pair = fixture.tcp();
        Future<byte[]> arrived =
                fixture.peer(() -> Channels.newInputStream(pair[1]).readAllBytes());
        Transfer transfer = builder.to(pair[0]).build();
        if (refused) {
            assertThatThrownBy(transfer::run).isInstanceOf(IllegalStateException.class);
        } else {
            transfer.run();
        }
        pair[0].shutdownOutput();
        return TestFixture.join(arrived);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"GATHER_WRITE", "READ_WRITE", "MSG_ZEROCOPY"})
    void aWindowIsSentWhileItsFileIsMappedAndRefusedAfterwards(Mechanism mechanism) throws Exception {
        byte[] all = Content.PATTERN.bytes(0, SIZE);
        assertThat(sent(Transfers.from(window.duplicate()).use(mechanism, Preference.REQUIRE), false))
                .isEqualTo(all);
        mapped.close();
        byte[] after = sent(Transfers.from(window).use(mechanism, Preference.REQUIRE), GUARDED);
        assertThat(after).isEqualTo(GUARDED ? new byte[0] : all);
    }

    @Test
    void neitherAsHeaderNorAsPart() throws Exception {
        mapped.close();
        Path file = fixture.file(10);
        byte[] header = sent(Transfers.from(file).header(window.duplicate()), GUARDED);
        byte[] part = sent(Transfers.concat(Part.of(file), Part.of(window)), GUARDED);
        assertThat(header).hasSize(GUARDED ? 0 : SIZE + 10);
        assertThat(part).hasSize(GUARDED ? part.length : SIZE + 10);
        assertThat(part.length).isIn(0, 10, SIZE + 10);
    }

    @Test
    void directIoDoesNotFillWhatIsGone() throws Exception {
        Path file = fixture.file(SIZE);
        mapped.close();
        Throwable thrown;
        try (DirectFile direct = DirectFile.open(file)) {
            MutableDirectBuffer into = GUARDED ? null : new UnsafeBuffer(ByteBuffer.allocateDirect(SIZE));
            thrown = GUARDED
                    ? catchThrowable(() -> direct.read(0, window))
                    : catchThrowable(() -> direct.read(0, into, 0, SIZE));
        }
        assertThat(thrown == null).isEqualTo(!GUARDED);
        if (GUARDED) {
            assertThat(thrown).isInstanceOf(IllegalStateException.class);
        }
    }

    /**
     * The JVM may throw the error of such an access late: when the code has already left the view, or is leaving it.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 4000, 4096})
    @Timeout(TestFixture.DEADLINE_SECONDS)
    void closingComesToAnEndAfterAnAccessBeneathATruncation(int length) throws Exception {
        MutableDirectBuffer view = mapped.mutableView(200_000, 4096);
        AtomicInteger faults = new AtomicInteger();
        try (RandomAccessFile file = new RandomAccessFile(cut(), "rw")) {
            file.setLength(10_000);
        }
        Thread reader = new Thread(
                () -> { // the JVM may throw anywhere in it
                    byte[] bytes = new byte[length];
                    for (int i = 0; i < 50; i++) {
                        try {
                            view.getBytes(0, bytes);
                        } catch (FileTruncatedException | InternalError told) {
                            faults.incrementAndGet();
                        }
                    }
                });
        reader.setUncaughtExceptionHandler((thread, late) -> faults.incrementAndGet());
        reader.start();
        reader.join();
        assertThat(faults.get()).isGreaterThanOrEqualTo(length >= 4096 ? 50 : 0); // smaller accesses may fail late
        mapped.close();
        assertThat(mapped.isOpen()).isFalse();
        assertThatThrownBy(() -> view.getByte(0)).isInstanceOf(IllegalStateException.class);
    }

    private java.io.File cut() {
        return fixture.directory().resolve("0-file").toFile();
    }
}
