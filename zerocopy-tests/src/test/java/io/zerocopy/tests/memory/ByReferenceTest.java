package io.zerocopy.tests.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The two documented ways to read a file instead of sending references to its pages. */
class ByReferenceTest {
    private static final int SIZE = 16 * 1024; // fits into every pipe and socket without a reader

    private static final List<UnaryOperator<Transfer.Builder>> WAYS = List.of(
            transfer -> transfer.use(Mechanism.READ_WRITE, Preference.REQUIRE),
            transfer -> transfer.use(Mechanism.SENDFILE, Preference.NEVER)
                    .use(Mechanism.SPLICE, Preference.NEVER)
                    .use(Mechanism.TRANSFER_TO, Preference.NEVER));

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    /** Sends a file, changes the file, and only then reads what was sent. */
    private void check(WritableByteChannel target, ReadableByteChannel received) throws Exception {
        for (UnaryOperator<Transfer.Builder> way : WAYS) {
            Path file = fixture.file(SIZE);
            Transfer transfer =
                    way.apply(Transfers.from(file).stableSource().to(target)).build();
            assertThat(transfer.run().bytes()).isEqualTo(SIZE);
            try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(SIZE));
            }
            byte[] seen = Channels.newInputStream(received).readNBytes(SIZE);
            assertThat(seen).as("%s", transfer.plan()).isEqualTo(Content.PATTERN.bytes(0, SIZE));
        }
    }

    @Test
    void aReceiverBehindASocketSeesNoLaterChange() throws Exception {
        SocketChannel[] tcp = fixture.tcp();
        check(tcp[0], tcp[1]);
        SocketChannel[] unix = fixture.unix();
        check(unix[0], unix[1]);
    }

    @Test
    void aReaderOfAPipeSeesNoLaterChange() throws Exception {
        Pipe pipe = fixture.pipe();
        check(pipe.sink(), pipe.source());
    }
}
