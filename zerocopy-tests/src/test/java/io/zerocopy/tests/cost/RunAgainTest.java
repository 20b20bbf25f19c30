package io.zerocopy.tests.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.Transfer;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A transfer that runs many times keeps what it uses, and notices what has changed since the previous run. */
class RunAgainTest {
    private static final int SIZE = 32 << 10;

    private TestFixture fixture;
    private FileChannel file;
    private SocketChannel[] tcp;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
        file = fixture.keep(FileChannel.open(fixture.file(SIZE), StandardOpenOption.READ, StandardOpenOption.WRITE));
        tcp = fixture.tcp();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private byte[] received(int count) throws Exception {
        ByteBuffer all = ByteBuffer.allocate(count);
        while (all.hasRemaining()) {
            assertThat(tcp[1].read(all)).isPositive();
        }
        return all.array();
    }

    private Transfer toSocket() throws Exception {
        Transfer transfer = Transfers.from(file).range(0, SIZE).to(tcp[0]).build();
        for (int i = 0; i < 3; i++) {
            assertThat(transfer.run().bytes()).isEqualTo(SIZE);
            received(SIZE);
        }
        return transfer;
    }

    @Test
    void whatTheFileHoldsByNowIsSent() throws Exception {
        Transfer transfer = toSocket();
        file.write(ByteBuffer.wrap(new byte[] {42}), 7);
        assertThat(transfer.run().bytes()).isEqualTo(SIZE);
        assertThat(received(SIZE)[7]).isEqualTo((byte) 42);
    }

    @Test
    void aFileThatShrankAndGrewIsSentAsItIs() throws Exception {
        Transfer transfer = toSocket();
        file.truncate(1000);
        TransferResult shorter = transfer.run();
        assertThat(shorter.bytes()).isEqualTo(1000);
        assertThat(shorter.end()).isEqualTo(TransferResult.End.SOURCE_ENDED);
        received(1000);
        file.write(ByteBuffer.allocate(SIZE), 0);
        for (int i = 0; i < 3; i++) {
            assertThat(transfer.run().bytes()).isEqualTo(SIZE);
            received(SIZE);
        }
    }

    @Test
    void aLargeFileThatChangesItsSizeIsCopiedAsItIs() throws Exception {
        FileChannel to =
                fixture.keep(FileChannel.open(fixture.path("t"), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        Transfer transfer = Transfers.from(file)
                .range(0, Long.MAX_VALUE)
                .to(to)
                .targetPosition(0)
                .build();
        for (long size : new long[] {SIZE, SIZE, SIZE, 5, 5, 5, 300_000, 300_000, 0, 0, SIZE}) {
            file.truncate(size);
            if (size > file.size()) {
                file.write(ByteBuffer.allocate(1), size - 1);
            }
            assertThat(transfer.run().bytes()).isEqualTo(size);
        }
    }

    @Test
    void aClosedChannelIsNoticed() throws Exception {
        Transfer transfer = toSocket();
        tcp[0].close();
        assertThatThrownBy(transfer::run).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(transfer::run).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void outputThatWasShutIsNoticed() throws Exception {
        Transfer transfer = toSocket();
        tcp[0].shutdownOutput();
        assertThatThrownBy(transfer::run).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void aModeThatWasChangedIsNoticed() throws Exception {
        Transfer transfer = toSocket();
        tcp[0].configureBlocking(false);
        assertThatThrownBy(transfer::run).isInstanceOf(IllegalBlockingModeException.class);
        tcp[0].configureBlocking(true);
        assertThat(transfer.run().bytes()).isEqualTo(SIZE);
        received(SIZE);
        assertThat(tcp[0].isBlocking()).isTrue();
    }

    @Test
    void aReadTimeoutThatWasSetIsNoticed() throws Exception {
        Transfer transfer = toSocket();
        tcp[0].socket().setSoTimeout(60_000);
        TransferResult result = transfer.run();
        assertThat(result.bytes()).isEqualTo(SIZE);
        assertThat(result.mechanism()).isNotEqualTo(Mechanism.SENDFILE);
        received(SIZE);
    }

    @Test
    void aMechanismThatWasSwitchedOffIsNotUsedAgain() throws Exception {
        Transfer transfer = toSocket();
        assertThat(transfer.run().mechanism()).isEqualTo(Mechanism.SENDFILE);
        received(SIZE);
        System.setProperty("zerocopy.disable", "SENDFILE");
        try {
            assertThat(transfer.run().mechanism()).isNotEqualTo(Mechanism.SENDFILE);
            received(SIZE);
        } finally {
            System.clearProperty("zerocopy.disable");
        }
        assertThat(transfer.run().mechanism()).isEqualTo(Mechanism.SENDFILE);
        received(SIZE);
    }

    @Test
    void threadsThatRunTheSameTransferDoNotDisturbEachOther() throws Exception {
        Path target = fixture.path("t");
        FileChannel to = fixture.keep(FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        Transfer transfer =
                Transfers.from(file).range(0, SIZE).to(to).targetPosition(0).build();
        List<Future<Long>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(fixture.peer(() -> {
                long sum = 0;
                for (int n = 0; n < 500; n++) {
                    sum += transfer.run().bytes();
                }
                return sum;
            }));
        }
        for (Future<Long> one : all) {
            assertThat(TestFixture.join(one)).isEqualTo(500L * SIZE);
        }
    }
}
