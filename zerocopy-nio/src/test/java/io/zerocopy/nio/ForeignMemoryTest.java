package io.zerocopy.nio;

import static io.zerocopy.nio.Spies.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferFailure;
import io.zerocopy.Transfers;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Buffers that foreign streams and channels see hold nothing of other transfers, and if they change those buffers
 * later, no transfer is affected. The caller's own memory is shown as it is, because the caller has named both.
 */
class ForeignMemoryTest {
    private static final int SIZE = 300_000;
    private static final byte[] SECRETS = new byte[SIZE];

    static {
        Arrays.fill(SECRETS, SECRET);
    }

    @TempDir
    Path folder;

    private final Spies spies = new Spies();
    private Path file; // full of zeros
    private Path secrets;
    private Path target;

    @BeforeEach
    void writeFiles() throws IOException {
        file = Files.write(folder.resolve("zeros"), new byte[SIZE]);
        secrets = Files.write(folder.resolve("secrets"), SECRETS);
        target = folder.resolve("target");
    }

    /** Leaves secret bytes in every buffer that a pool, or a thread, may keep. */
    private void moveSecrets() throws IOException {
        for (Mechanism each : new Mechanism[] {Mechanism.READ_WRITE, Mechanism.TRANSFER_TO, Mechanism.TRANSFER_FROM}) {
            Transfers.from(secrets)
                    .to(target)
                    .use(each, Preference.REQUIRE)
                    .build()
                    .run();
        }
        Transfers.from(secrets).to(new ByteArrayOutputStream()).build().run();
        Transfers.from(new ByteArrayInputStream(SECRETS))
                .to(new ByteArrayOutputStream())
                .build()
                .run();
        Transfers.from(new ByteArrayInputStream(SECRETS)).to(target).build().run();
        Transfers.from(ByteBuffer.wrap(SECRETS)).to(target).build().run();
        try (FileChannel all = FileChannel.open(secrets)) {
            all.read(ByteBuffer.allocate(8192)); // fills the JDK's own buffers of this thread
            all.read(ByteBuffer.allocate(SIZE));
        }
    }

    private Transfer.Builder from(String end) {
        return switch (end) {
            case "file" -> Transfers.from(file);
            case "bytes" -> Transfers.from(new ByteArrayInputStream(new byte[SIZE]));
            case "memory" ->
                Transfers.from(
                        ByteBuffer.allocate(SIZE / 2),
                        ByteBuffer.allocateDirect(SIZE / 2).asReadOnlyBuffer());
            case "stream" -> Transfers.from(spies.stream(SIZE));
            case "filter" -> Transfers.from(new FilterInputStream(spies.stream(SIZE)) {});
            case "wrapper" -> Transfers.from(Channels.newChannel(spies.stream(SIZE)));
            default -> Transfers.from(spies.channel(SIZE));
        };
    }

    private Transfer.Builder to(Transfer.Builder builder, String end) {
        return switch (end) {
            case "file" -> builder.to(target);
            case "bytes" -> builder.to(new ByteArrayOutputStream());
            case "stream" -> builder.to(spies.target());
            case "buffered" -> builder.to(new BufferedOutputStream(spies.target(), 10));
            case "wrapper" -> builder.to(Channels.newChannel(spies.target()));
            default -> builder.to(spies.target(10_000));
        };
    }

    @ParameterizedTest
    @CsvSource({
        "file, stream,",
        "file, buffered,",
        "file, wrapper,",
        "file, channel,",
        "file, channel, TRANSFER_TO",
        "bytes, stream,",
        "bytes, channel,",
        "memory, stream,",
        "memory, channel,",
        "stream, file,",
        "stream, bytes,",
        "stream, stream,",
        "stream, channel,",
        "filter, file,",
        "filter, bytes,",
        "wrapper, file,",
        "channel, file,",
        "channel, file, TRANSFER_FROM",
        "stream, file, TRANSFER_FROM",
        "channel, bytes,",
        "channel, channel,"
    })
    void foreignEndsSeeNothingOfOtherTransfersAndReachNone(String from, String to, Mechanism mechanism)
            throws IOException {
        moveSecrets();
        Transfer.Builder builder = to(from(from), to);
        if (mechanism != null) {
            builder.use(mechanism, Preference.REQUIRE);
        }
        assertThat(builder.build().run().bytes()).isEqualTo(SIZE);
        assertThat(spies.count()).isPositive();
        assertThat(spies.hasSeenSecrets()).isFalse();
        spies.spoil();
        for (String other : new String[] {"file", "bytes"}) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            from(other).to(bytes).build().run();
            assertThat(bytes.toByteArray()).isEqualTo(new byte[SIZE]);
            from(other)
                    .to(target)
                    .use(Mechanism.READ_WRITE, Preference.REQUIRE)
                    .build()
                    .run();
            assertThat(target).hasBinaryContent(new byte[SIZE]);
        }
    }

    @Test
    void memoryThatIsKeptChangesNoTransferAtTheSameTime() throws IOException {
        moveSecrets();
        to(from("file"), "stream").build().run();
        to(from("stream"), "file").build().run();
        AtomicInteger wrong = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            Transfers.from(file)
                    .to(new ByteArrayOutputStream() {
                        @Override
                        public void write(byte[] bytes, int offset, int length) {
                            spies.spoil();
                            for (int at = offset; at < offset + length; at++) {
                                wrong.addAndGet(bytes[at] == 0 ? 0 : 1);
                            }
                        }
                    })
                    .build()
                    .run();
        }
        assertThat(wrong).hasValue(0);
    }

    /** A header and a trailer belong to the caller. Still, they are copied if a part of a file may be beside them. */
    @ParameterizedTest
    @CsvSource({"file, channel", "file, stream", "stream, channel", "memory, channel"})
    void headerAndTrailerArriveWhole(String from, String to) throws IOException {
        moveSecrets();
        to(from(from), to)
                .header(ByteBuffer.wrap(new byte[700_000]).position(7))
                .trailer(ByteBuffer.allocateDirect(100))
                .build()
                .run();
        assertThat(spies.hasSeenSecrets()).isFalse();
        assertThat(spies.arrived()).isEqualTo(new byte[SIZE + 700_000 - 7 + 100]);
    }

    @Test
    void theRemainderIsNotInMemoryThatForeignEndsHaveSeen() {
        Transfer transfer = Transfers.from(spies.channel(SIZE))
                .to(new ByteArrayOutputStream() {
                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        throw new IllegalStateException("full");
                    }
                })
                .build();
        assertThatThrownBy(transfer::run).satisfies(e -> {
            TransferFailure failure = TransferFailure.of(e).orElseThrow();
            ByteBuffer remainder = failure.remainder();
            assertThat(remainder.remaining()).isPositive();
            spies.spoil();
            for (int i = 0; i < remainder.limit(); i++) {
                assertThat(remainder.get(i)).isZero();
            }
        });
    }
}
