package io.zerocopy.linux.internal.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.spi.Descriptor;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ends of other providers: some only claim a descriptor, others return one of this library's ports. */
class ForeignDescriptorTest {
    private static final int SIZE = 20_000;

    private final Kernel kernel = new Kernel(new ScriptedSyscalls().sys());
    private final ChannelFixture ends = new ChannelFixture();

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    /** Claims a descriptor, and returns the one that it was given. */
    private record Foreign(EndpointFacts facts, Descriptor descriptor) implements Source, Target {
        static Foreign claiming(EndpointKind kind) {
            return new Foreign(
                    new EndpointFacts(kind, kind == EndpointKind.FILE ? SIZE : -1, false, true, true, 0, 0, ""), null);
        }

        @Override
        public Channel channel() {
            return null;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean await(long nanos) {
            return true;
        }

        @Override
        public long read(ByteBuffer target, long position) {
            return Step.END;
        }

        @Override
        public long write(ByteBuffer source, long position) {
            return Step.AWAIT_TARGET;
        }
    }

    @Test
    void everyMechanismDeclinesAnEndThatOnlyClaimsADescriptor() throws IOException {
        Source file = kernel.source(ends.file(SIZE));
        Target socket = kernel.target(ends.tcp()[0]);
        TransferRequest request = new TransferRequest(0, 0, SIZE, true, Preference.REQUIRE);
        Set<String> asked = new HashSet<>();
        for (Strategy strategy : kernel.strategies()) {
            for (EndpointKind kind : EndpointKind.values()) {
                asked.add(strategy.name());
                declines(strategy, file, Foreign.claiming(kind), request);
                if (kind != EndpointKind.MEMORY) { // whose bytes need no descriptor
                    declines(strategy, Foreign.claiming(kind), socket, request);
                }
                declines(strategy, Foreign.claiming(kind), Foreign.claiming(kind), request);
            }
        }
        assertThat(asked).contains("SENDFILE", "SPLICE", "DIRECT_IO", "IO_URING", "MSG_ZEROCOPY");
    }

    private static void declines(Strategy strategy, Source source, Target target, TransferRequest request)
            throws IOException {
        if (strategy.refusal(source.facts(), target.facts(), request) != null) {
            return;
        }
        try (Mover mover = strategy.open(source, target, request)) {
            boolean reads = mover.refusal() == null; // direct I/O needs the descriptor of one end only
            assertThat(reads)
                    .as("%s from %s to %s", strategy.name(), source, target)
                    .isEqualTo(strategy.name().equals("DIRECT_IO") && source.descriptor() != null);
        }
    }

    @Test
    void anEndThatPassesOnADescriptorOfOursIsServed() throws IOException {
        Source file = kernel.source(ends.file(SIZE));
        FileChannel out = ends.file(0);
        Target inner = kernel.target(out);
        Foreign wrapped = new Foreign(inner.facts(), inner.descriptor());
        TransferRequest request = new TransferRequest(0, 0, SIZE, true, Preference.REQUIRE);
        Strategy sendfile = ChannelFixture.strategy(kernel, Mechanism.SENDFILE);
        file.acquire();
        inner.acquire();
        try (Mover mover = sendfile.open(file, wrapped, request)) {
            assertThat(mover.step(0, 0, SIZE)).isEqualTo(SIZE);
        } finally {
            inner.release();
            file.release();
        }
        assertThat(out.size()).isEqualTo(SIZE);
    }

    @Test
    void callsAreMadeOnAnOpenDescriptorOnly() throws IOException {
        FileChannel channel = ends.file(SIZE);
        Descriptor descriptor = kernel.source(channel).descriptor();
        assertThat(descriptor.call(number -> number)).isPositive();
        channel.close();
        assertThatThrownBy(() -> descriptor.call(number -> number)).isInstanceOf(AsynchronousCloseException.class);
    }
}
