package io.zerocopy.tests.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the flight recorder and the log record of transfers, and what a result reports. */
class ObservabilityTest {
    private static final int SIZE = 1 << 20;

    @TempDir
    Path folder;

    private TestFixture fixture;
    private Path file;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
        file = Files.write(folder.resolve("source"), Content.PATTERN.bytes(0, 5000));
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private interface Action {
        void run() throws Exception;
    }

    private List<RecordedEvent> recorded(Action action) throws Exception {
        Path dump = folder.resolve("dump.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("io.zerocopy.Transfer").withoutThreshold();
            recording.start();
            action.run();
            recording.stop();
            recording.dump(dump);
        }
        return RecordingFile.readAllEvents(dump);
    }

    @Test
    void everyTransferIsOneEvent() throws Exception {
        List<RecordedEvent> events = recorded(
                () -> Transfers.copy(file, folder.resolve("one"), java.nio.file.StandardCopyOption.REPLACE_EXISTING));
        assertThat(events).hasSize(1);
        RecordedEvent event = events.get(0);
        assertThat(event.getString("source")).isEqualTo("file");
        assertThat(event.getString("target")).isEqualTo("file");
        assertThat(event.getLong("bytes")).isEqualTo(5000);
        assertThat(Mechanism.valueOf(event.getString("mechanism"))).isNotNull();
        assertThat(event.getString("outcome")).isEqualTo("SOURCE_ENDED");
        assertThat(event.getDuration()).isPositive();
    }

    @Test
    void whatFailedAndWhatWasCancelledSaysSo() throws Exception {
        SocketChannel[] in = fixture.tcp();
        SocketChannel[] out = fixture.tcp();
        in[1].write(ByteBuffer.wrap(new byte[100]));
        List<RecordedEvent> events = recorded(() -> {
            in[0].configureBlocking(false);
            out[0].configureBlocking(false);
            try (TransferSession session =
                    Transfers.from(in[0]).to(out[0]).build().open()) {
                TestFixture.until("all is there", () -> {
                    advance(session);
                    return session.transferred() == 100;
                });
            }
            assertThatThrownBy(() -> Transfers.from(file)
                            .to(Path.of("/dev/full"))
                            .build()
                            .run())
                    .isInstanceOf(IOException.class);
        });
        assertThat(events).hasSize(2);
        assertThat(events.get(0).getString("outcome")).isEqualTo("CANCELLED");
        assertThat(events.get(0).getLong("bytes")).isEqualTo(100);
        assertThat(events.get(0).getString("source")).isEqualTo("TCP socket");
        assertThat(events.get(1).getString("outcome")).contains("ENOSPC");
        assertThat(events.get(1).getString("target")).isEqualTo("device");
    }

    private static void advance(TransferSession session) {
        try {
            session.advance();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void whatDeclinedIsInTheEventAndInTheLog() throws Exception {
        Logger logger = Logger.getLogger("io.zerocopy");
        List<String> logged = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                assertThat(record.getLevel()).isEqualTo(Level.FINE); // DEBUG of System.Logger
                logged.add(record.getMessage());
            }

            @Override
            public void flush() {
                logged.size();
            }

            @Override
            public void close() {
                logged.size();
            }
        };
        handler.setLevel(Level.ALL);
        logger.addHandler(handler);
        logger.setLevel(Level.ALL);
        TransferResult[] result = new TransferResult[1];
        SocketChannel[] pair = fixture.tcp();
        Future<byte[]> received =
                fixture.peer(() -> Channels.newInputStream(pair[1]).readNBytes(SIZE));
        try {
            List<RecordedEvent> events = recorded(() -> result[0] = Transfers.from(ByteBuffer.allocateDirect(SIZE))
                    .to(pair[0])
                    .use(Mechanism.MSG_ZEROCOPY, Preference.REQUIRE)
                    .build()
                    .run());
            List<TransferResult.Fallback> fallbacks = result[0].fallbacks();
            assertThat(fallbacks).as("loopback always copies, and says so").hasSize(1);
            assertThat(logged).hasSize(1);
            for (int i = 0; i < logged.size(); i++) {
                assertThat(logged.get(i))
                        .contains(fallbacks.get(i).mechanism().name())
                        .contains(fallbacks.get(i).reason());
                assertThat(events.get(0).getString("fallbacks"))
                        .contains(fallbacks.get(i).reason());
                assertThat(result[0].toString()).contains(fallbacks.get(i).reason());
            }
            assertThat(TestFixture.join(received)).hasSize(SIZE);
        } finally {
            logger.removeHandler(handler);
            logger.setLevel(null);
        }
    }

    @Test
    void aResultReadsAsASentence() throws Exception {
        TransferResult result = Transfers.from(file)
                .count(4096)
                .to(folder.resolve("part"))
                .build()
                .run();
        assertThat(result.toString()).matches("4096 bytes by [A-Z_]+ in [0-9.]+ ms, as many as asked for.*");
    }
}
