package io.zerocopy.tests.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A name is a file at one moment and a FIFO at the next: no run waits longer than its timeout. */
class FifoSwapTest {
    private static final int RUNS = 200;

    private TestFixture fixture;
    private Path name;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
        name = fixture.path("name");
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private interface Run {
        void run() throws IOException;
    }

    private Void swap(Path regular, Path fifo, AtomicBoolean ended) throws IOException {
        Path spare = fixture.path("spare");
        while (!ended.get()) {
            for (Path next : new Path[] {fifo, regular}) {
                Files.createLink(spare, next);
                Files.move(spare, name, StandardCopyOption.ATOMIC_MOVE);
                Files.deleteIfExists(spare); // a rename to another name of the same file keeps both
            }
        }
        return null;
    }

    @ParameterizedTest
    @ValueSource(strings = {"source", "target", "both"})
    void timeoutsEndEveryRun(String end) throws Exception {
        Path regular = fixture.file(10);
        Path fifo = fixture.fifo();
        Files.createLink(name, regular);
        Duration limit = Duration.ofMillis(5);
        Path sink = fixture.path("sink");
        Run run = end.equals("source")
                ? () -> Transfers.from(name).to(sink).timeout(limit).build().run()
                : end.equals("target")
                        ? () -> Transfers.from(ByteBuffer.wrap(new byte[5]))
                                .to(name)
                                .timeout(limit)
                                .build()
                                .run()
                        : () -> Transfers.from(name)
                                .to(name)
                                .timeout(limit)
                                .build()
                                .run();
        AtomicBoolean ended = new AtomicBoolean();
        Future<?> swaps = fixture.peer(() -> swap(regular, fifo, ended));
        Future<Integer> runs = fixture.peer(() -> {
            int done = 0;
            for (; done < RUNS; done++) {
                try {
                    run.run();
                } catch (IOException | IllegalArgumentException timedOutOrRefused) {
                    // any outcome is allowed, but it must end
                }
            }
            return done;
        });
        assertThat(TestFixture.join(runs)).isEqualTo(RUNS);
        ended.set(true);
        TestFixture.join(swaps);
    }
}
