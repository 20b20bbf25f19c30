package io.zerocopy.tests.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A transfer from a file whose server does not answer, while another thread closes the target. The server holds the read
 * until the close has returned, so a close that waits for the read never returns.
 */
class CloseDuringReadTest {
    private static final int SIZE = 2_000_000;
    private static final int HEADER = 3;

    static Stream<Arguments> cases() {
        List<Arguments> all = new ArrayList<>();
        for (String mode : List.of("held-cached", "held-direct")) {
            for (String target : List.of("socket", "pipe")) {
                for (int count : new int[] {1, 100_000, SIZE}) {
                    for (Mechanism mechanism :
                            List.of(Mechanism.SENDFILE, Mechanism.SPLICE, Mechanism.MMAP_WRITE, Mechanism.READ_WRITE)) {
                        boolean mapped = mechanism == Mechanism.MMAP_WRITE;
                        if (!mapped || mode.endsWith("cached")) { // the kernel maps no file that it does not cache
                            all.add(Arguments.of(mode, target, mechanism, count, 0));
                        }
                    }
                    all.add(Arguments.of(mode, target, null, count, 0));
                    all.add(Arguments.of(mode, target, null, count, HEADER));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}, to a {1}, {2}, {3} bytes, header {4}")
    @MethodSource("cases")
    void theTargetIsClosedAtOnce(String mode, String kind, Mechanism mechanism, int count, int header)
            throws Exception {
        try (TestFixture fixture = new TestFixture();
                FuseServer server = FuseServer.mount(fixture, SIZE, SIZE, mode)) {
            Channel target = kind.equals("pipe") ? fixture.pipe().sink() : fixture.tcp()[0];
            Transfer transfer = transfer(server, (WritableByteChannel) target, mechanism, count, header);
            Future<Throwable> run = fixture.peer(() -> catchThrowable(transfer::run));
            server.awaitHeld();
            Future<Object> closed = fixture.peer(() -> {
                target.close();
                return null;
            });
            TestFixture.join(closed); // fails if it does not come back
            server.letGo();
            assertThat(TestFixture.join(run)).isInstanceOf(ClosedChannelException.class);
        }
    }

    private static Transfer transfer(
            FuseServer server, WritableByteChannel target, Mechanism mechanism, int count, int header)
            throws IOException {
        Transfer.Builder builder = Transfers.from(server.file()).range(0, count).to(target);
        if (mechanism != null) {
            builder.use(mechanism, Preference.REQUIRE);
        }
        if (header > 0) {
            builder.header(ByteBuffer.allocate(header));
        }
        return builder.build();
    }
}
