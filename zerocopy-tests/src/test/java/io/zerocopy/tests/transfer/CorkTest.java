package io.zerocopy.tests.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import io.zerocopy.tests.kit.Rig;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Header, body and trailer on one connection, with Nagle's algorithm as it is by default: no part waits for the peer to
 * acknowledge the one before, which takes it 40 ms.
 */
class CorkTest {
    private static final int ROUNDS = 200;
    private static final int AROUND = 200; // bytes of header and of trailer

    @ParameterizedTest
    @ValueSource(ints = {1, 16 << 10, 64 << 10})
    void noPartWaitsForAnAcknowledgement(int size) throws Exception {
        try (Rig rig = new Rig()) {
            SocketChannel[] pair = rig.tcp();
            FileChannel file = rig.keep(FileChannel.open(rig.file(size)));
            Future<?> server = rig.peer(() -> {
                ByteBuffer request = ByteBuffer.allocate(1);
                while (pair[1].read(request.clear()) > 0) {
                    answer(file, size, pair[1]);
                }
                return null;
            });
            long[] nanos = new long[ROUNDS];
            DataInputStream in = new DataInputStream(Channels.newInputStream(pair[0]));
            byte[] answer = new byte[size + 2 * AROUND];
            for (int i = 0; i < ROUNDS; i++) {
                long begun = System.nanoTime();
                pair[0].write(ByteBuffer.wrap(new byte[1]));
                in.readFully(answer);
                nanos[i] = System.nanoTime() - begun;
            }
            pair[0].shutdownOutput();
            Rig.join(server);
            Arrays.sort(nanos);
            assertThat(nanos[ROUNDS / 2]).as("median of round trips in ns").isLessThan(20_000_000);
        }
    }

    private static void answer(FileChannel file, int size, SocketChannel to) throws IOException {
        Transfer transfer = Transfers.from(file)
                .range(0, size)
                .header(ByteBuffer.allocate(AROUND))
                .trailer(ByteBuffer.allocate(AROUND))
                .to(to)
                .build();
        assertThat(transfer.run().bytes()).isEqualTo(size + 2 * AROUND);
    }
}
