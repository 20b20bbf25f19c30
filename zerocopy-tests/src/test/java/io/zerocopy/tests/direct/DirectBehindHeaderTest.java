package io.zerocopy.tests.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Part;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mechanism that moves whole blocks considers where its bytes will be in the target, after the header. */
class DirectBehindHeaderTest {
    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    /** The length of the header decides where blocks of the source are in the target. */
    @ParameterizedTest
    @ValueSource(ints = {1, 511, 512, 2729, 4096})
    void aHeaderOfAnyLengthGoesAhead(int length) throws Exception {
        Path source = fixture.file(3_000_077);
        Path target = fixture.path("t");
        byte[] header = new byte[length];
        Transfer.Builder transfer = Transfers.from(source).header(ByteBuffer.wrap(header));
        TransferResult result = transfer.use(Mechanism.DIRECT_IO, Preference.REQUIRE)
                .to(target)
                .build()
                .run();
        assertThat(result.legs()).contains(new TransferResult.Leg(Mechanism.DIRECT_IO, 3_000_077));
        byte[] expected = Arrays.copyOf(header, length + 3_000_077);
        System.arraycopy(Files.readAllBytes(source), 0, expected, length, 3_000_077);
        assertThat(Files.readAllBytes(target)).isEqualTo(expected);
    }

    @Test
    void whatIsKnownToMissTheBlocksIsRefusedBeforeItsHeaderGoes() throws Exception {
        Path source = fixture.file(1 << 20);
        Path target = Files.writeString(fixture.path("t"), "as it was");
        for (Mechanism mechanism : new Mechanism[] {Mechanism.IO_URING, Mechanism.REFLINK}) {
            assertThatThrownBy(() -> Transfers.from(source)
                            .header(ByteBuffer.allocate(1075))
                            .to(target, StandardOpenOption.WRITE)
                            .use(mechanism, Preference.REQUIRE)
                            .build()
                            .run())
                    .isInstanceOf(MechanismUnavailableException.class);
            assertThat(Files.readString(target)).isEqualTo("as it was");
        }
    }

    @Test
    void partsOfAnyLengthGoAhead() throws Exception {
        Path source = fixture.file(1_000_001);
        byte[] all = Files.readAllBytes(source);
        Path target = fixture.path("t");
        TransferResult result = Transfers.concat(
                        Part.of(source, 0, 500_100), Part.of(source, 8192, 500_000), Part.of(source, 1, 1_000_000))
                .to(target)
                .use(Mechanism.DIRECT_IO, Preference.REQUIRE)
                .build()
                .run();
        assertThat(result.bytes()).isEqualTo(2_000_100);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.write(all, 0, 500_100);
        expected.write(all, 8192, 500_000);
        expected.write(all, 1, 1_000_000);
        assertThat(Files.readAllBytes(target)).isEqualTo(expected.toByteArray());
    }
}
