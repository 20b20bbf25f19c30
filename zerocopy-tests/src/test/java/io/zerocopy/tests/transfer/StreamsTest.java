package io.zerocopy.tests.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams as ends: which streams only wrap a channel, their positions afterwards, and that they stay open. */
class StreamsTest {
    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void streamsThatTransformAreNeverBypassed() throws Exception {
        Path packed = fixture.path("packed");
        try (InputStream in = Files.newInputStream(fixture.file(50_000));
                GZIPOutputStream out = new GZIPOutputStream(new FileOutputStream(packed.toFile()))) {
            Transfers.copy(in, out);
        }
        ByteArrayOutputStream unpacked = new ByteArrayOutputStream();
        try (InputStream in = new GZIPInputStream(new FileInputStream(packed.toFile()))) {
            TransferResult result = Transfers.copy(in, unpacked);
            assertThat(result.mechanism()).isEqualTo(Mechanism.READ_WRITE);
        }
        assertThat(unpacked.toByteArray()).isEqualTo(Content.PATTERN.bytes(0, 50_000));
    }

    @Test
    void subclassesOfFileStreamsAreNeverBypassed() throws Exception {
        InputStream upside = new FileInputStream(fixture.file(1000).toFile()) {
            @Override
            public int read(byte[] into, int offset, int length) throws java.io.IOException {
                int n = super.read(into, offset, length);
                for (int i = 0; i < n; i++) {
                    into[offset + i] ^= 1;
                }
                return n;
            }
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Transfers.copy(upside, out);
        upside.close();
        byte[] expected = Content.PATTERN.bytes(0, 1000);
        for (int i = 0; i < expected.length; i++) {
            expected[i] ^= 1;
        }
        assertThat(out.toByteArray()).isEqualTo(expected);
    }

    @Test
    void fileStreamsCountAsTheirChannelsAndStandAfterTheMovedBytes() throws Exception {
        try (FileInputStream in = new FileInputStream(fixture.file(100_000).toFile());
                FileOutputStream out = new FileOutputStream(fixture.path("t").toFile())) {
            assertThat(in.read()).isEqualTo(Content.PATTERN.bytes(0, 1)[0] & 0xff);
            TransferResult result = Transfers.copy(in, out);
            assertThat(result.bytes()).isEqualTo(99_999);
            assertThat(result.mechanism()).isNotEqualTo(Mechanism.READ_WRITE);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void streamsFromUnknownOriginAreLeftOpen() throws Exception {
        boolean[] closed = {false};
        InputStream in = new ByteArrayInputStream(new byte[10]) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        Transfers.copy(in, new ByteArrayOutputStream());
        assertThat(closed[0]).isFalse();
    }
}
