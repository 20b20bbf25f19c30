package io.zerocopy.tests.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zerocopy.Part;
import io.zerocopy.TransferClosedByInterruptException;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An interrupt may close the channel of a part that is done: the exception then says that a channel was closed. */
class InterruptedPartsTest {
    private static final int FIRST = 100;
    private static final int SECOND = 5_000_000;

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    /** Closes a channel and interrupts its thread, as the JDK does, when bytes of the second part arrive. */
    private static final class Interrupter implements WritableByteChannel {
        private final FileChannel first;
        private long taken;

        Interrupter(FileChannel first) {
            this.first = first;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            int n = source.remaining();
            source.position(source.limit());
            taken += n;
            if (taken > FIRST) {
                first.close();
                Thread.currentThread().interrupt();
            }
            return n;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void aClosedPartIsTold() throws Exception {
        FileChannel first = fixture.keep(FileChannel.open(fixture.file(FIRST)));
        FileChannel second = fixture.keep(FileChannel.open(fixture.file(SECOND)));
        Interrupter target = new Interrupter(first);
        TransferClosedByInterruptException told = catchThrowableOfType(
                TransferClosedByInterruptException.class,
                () -> Transfers.concat(Part.of(first, 0, FIRST), Part.of(second, 0, SECOND))
                        .to(target)
                        .build()
                        .run());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(told.transferred()).isEqualTo(target.taken).isLessThan(FIRST + SECOND);
        assertThat(second.isOpen()).isTrue();
    }
}
