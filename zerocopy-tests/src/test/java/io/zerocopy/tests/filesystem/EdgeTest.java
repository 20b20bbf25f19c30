package io.zerocopy.tests.filesystem;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferException;
import io.zerocopy.TransferFailure;
import io.zerocopy.TransferPlan;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Cases in which a careless implementation loses bytes or counts: interrupts, refusals, small counts, failing targets,
 * timeouts.
 */
class EdgeTest {
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
    void anInterruptedThreadTouchesNothing() throws Exception {
        Path source = fixture.file(1000);
        Path existing = Files.writeString(fixture.path("t"), "mine");
        FileChannel channel = fixture.keep(FileChannel.open(source));
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> Transfers.copy(source, existing, StandardCopyOption.REPLACE_EXISTING))
                    .isInstanceOf(InterruptedIOException.class);
            assertThatThrownBy(() -> Transfers.copy(channel, existing, StandardCopyOption.REPLACE_EXISTING))
                    .isInstanceOf(InterruptedIOException.class);
            assertThatThrownBy(
                            () -> Transfers.from(channel).to(existing).build().open())
                    .isInstanceOf(InterruptedIOException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(existing).hasContent("mine");
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void aRequiredMechanismThatDeclinesLeavesAnExistingTargetAsItIs() throws Exception {
        Path existing = Files.writeString(fixture.path("t"), "mine, and longer than what comes");
        Path source = Files.writeString(fixture.path("s"), "short");
        Transfer cloned = Transfers.from(source)
                .to(existing)
                .use(Mechanism.REFLINK, Preference.REQUIRE)
                .build();
        if (Transfers.capabilities()
                .reflinkUnavailableBecause(fixture.directory())
                .isPresent()) {
            assertThatThrownBy(cloned::run).isInstanceOf(MechanismUnavailableException.class);
            assertThat(existing).hasContent("mine, and longer than what comes");
        }
        Transfers.from(source)
                .to(existing)
                .use(Mechanism.SENDFILE, Preference.REQUIRE)
                .build()
                .run();
        assertThat(existing).hasContent("short");
    }

    @Test
    void aSmallCountIsBoundedByTheSizeAtTheStartToo() throws Exception {
        Path file = fixture.file(10);
        assertThat(Transfers.from(file)
                        .to(file, APPEND)
                        .count(50_000)
                        .build()
                        .run()
                        .bytes())
                .isEqualTo(10);
        try (FileChannel in = FileChannel.open(file);
                FileChannel out = FileChannel.open(file, APPEND)) {
            assertThat(Transfers.from(in).range(0, 50_000).to(out).build().run().bytes())
                    .isEqualTo(20);
        }
        assertThat(Files.size(file)).isEqualTo(40);
    }

    @Test
    void whatAFailingTargetTookIsCountedAndTheRestHandedBack() {
        WritableByteChannel tears = new WritableByteChannel() {
            @Override
            public int write(ByteBuffer from) throws java.io.IOException {
                from.position(from.position() + 7);
                throw new java.io.IOException("torn");
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
        Transfer transfer = Transfers.from(new ByteArrayInputStream(new byte[100]))
                .to(tears)
                .build();
        Throwable thrown = catchThrowable(transfer::run);
        assertThat(thrown).hasMessage("torn");
        TransferFailure failure = TransferFailure.of(thrown).orElseThrow();
        assertThat(failure.transferred()).isEqualTo(7);
        assertThat(failure.remainder().remaining()).isEqualTo(93);
    }

    @Test
    void anUncheckedExceptionCarriesTheCountAndTheRemainder() {
        Transfer transfer = Transfers.from(new ByteArrayInputStream(new byte[100]))
                .to(new ByteArrayOutputStream())
                .onProgress((transferred, total) -> {
                    throw new IllegalStateException("the listener's own");
                })
                .build();
        assertThatThrownBy(transfer::run)
                .isInstanceOf(IllegalStateException.class)
                .satisfies(e -> assertThat(e.getSuppressed())
                        .anySatisfy(s -> assertThat(((TransferException) s).transferred())
                                .isEqualTo(100)));
    }

    @Test
    void aBufferIsNotTakenTwice() {
        ByteBuffer buffer = ByteBuffer.allocate(10);
        assertThatThrownBy(() -> Transfers.from(buffer, buffer)).isInstanceOf(IllegalArgumentException.class);
        assertThat(buffer.position()).isZero();
    }

    /**
     * sendfile writes to a file at its own position. If the caller names another position, sendfile is not used unless
     * required.
     */
    @Test
    void anExplicitTargetPositionKeepsSendfileAway() throws Exception {
        try (FileChannel out = FileChannel.open(fixture.file(10), WRITE)) {
            Transfer.Builder builder = Transfers.from(fixture.file(100)).to(out).targetPosition(5);
            assertThat(builder.build().plan().candidates())
                    .filteredOn(c -> c.mechanism() == Mechanism.SENDFILE)
                    .noneMatch(TransferPlan.Candidate::eligible);
        }
    }

    /** A timed read and a transfer would change each other's blocking mode. */
    @Test
    void aSocketWithATimeoutIsLeftToNioAndKeepsItsTimeout() throws Exception {
        SocketChannel[] pair = fixture.tcp();
        pair[0].socket().setSoTimeout(300);
        var reader = fixture.peer(() -> pair[0].socket().getInputStream().read());
        TransferResult result = Transfers.copy(fixture.file(1000), pair[0]);
        assertThat(result.mechanism()).isNotEqualTo(Mechanism.SENDFILE);
        assertThatThrownBy(() -> TestFixture.join(reader)).isInstanceOf(SocketTimeoutException.class);
    }
}
