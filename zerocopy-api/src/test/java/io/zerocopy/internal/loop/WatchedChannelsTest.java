package io.zerocopy.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.internal.build.TransferBuilder;
import io.zerocopy.internal.plan.Providers;
import io.zerocopy.internal.plan.TransferSpec;
import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Step;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.Pipe;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A thread that waits for several transfers asks no channel of a foreign class. */
class WatchedChannelsTest {
    private final ScriptedProvider provider = new ScriptedProvider();
    private Pipe pipe;

    /** A channel that fails if it is called by another thread than that of its transfer. */
    private static final class Touchy implements Channel {
        private final Thread own = Thread.currentThread();
        private boolean open = true;

        @Override
        public boolean isOpen() {
            if (Thread.currentThread() != own) {
                throw new IllegalStateException("called by " + Thread.currentThread());
            }
            return open;
        }

        @Override
        public void close() {
            open = false;
        }
    }

    @BeforeEach
    void open() throws IOException {
        pipe = Pipe.open();
    }

    @AfterEach
    void close() throws IOException {
        pipe.source().close();
        pipe.sink().close();
    }

    private TransferLoop waiting(long status) throws IOException {
        provider.with(Mechanism.READ_WRITE, "", ScriptedProvider.says(status));
        TransferSpec spec = (TransferSpec) new TransferBuilder(new ByteArrayInputStream(new byte[0]))
                .to(new ByteArrayOutputStream())
                .build();
        TransferLoop loop = TransferLoop.open(new Providers(List.of(provider)), spec, true);
        Status answer = loop.advance();
        loop.awaitOnce(answer, Long.MAX_VALUE);
        return loop;
    }

    private ScriptedProvider.PortStub awaited(long status) {
        return status == Step.AWAIT_SOURCE ? provider.source : provider.target;
    }

    @ParameterizedTest
    @ValueSource(longs = {Step.AWAIT_SOURCE, Step.AWAIT_TARGET})
    void neverAsksAForeignChannelOnAnotherThread(long status) throws Exception {
        provider.source.channel = pipe.source();
        provider.target.channel = new Touchy();
        provider.target.facts = EndpointFacts.of(EndpointKind.OPAQUE, -1, true);
        TransferLoop loop = waiting(status);
        assertThat(CompletableFuture.supplyAsync(awaited(status).alive::getAsBoolean)
                        .get())
                .isTrue();
        assertThat(awaited(status).waitNanos)
                .as("its own thread has to look")
                .isLessThanOrEqualTo(Endpoint.SLICE_NANOS);
        pipe.source().close();
        assertThat(awaited(status).alive.getAsBoolean())
                .as("the JDK's is watched")
                .isFalse();
        loop.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {Step.AWAIT_SOURCE, Step.AWAIT_TARGET})
    void sleepsAsLongAsItCanWhereOthersMayLook(long status) throws Exception {
        provider.source.channel = pipe.source();
        provider.target.channel = pipe.sink();
        TransferLoop loop = waiting(status);
        assertThat(awaited(status).waitNanos).isGreaterThan(Endpoint.SLICE_NANOS);
        assertThat(awaited(status).alive.getAsBoolean()).isTrue();
        pipe.sink().close();
        assertThat(awaited(status).alive.getAsBoolean()).isFalse();
        loop.close();
    }

    /** If a check comes after the end of a run, it uses nothing of that run. */
    @ParameterizedTest
    @ValueSource(longs = {Step.AWAIT_SOURCE, Step.AWAIT_TARGET})
    void aLookMayComeTooLate(long status) throws Exception {
        provider.source.channel = pipe.source();
        provider.target.channel = pipe.sink();
        TransferLoop loop = waiting(status);
        assertThat(loop.advance()).isEqualTo(Status.DONE);
        loop.end();
        assertThat(CompletableFuture.supplyAsync(awaited(status).alive::getAsBoolean)
                        .get())
                .isTrue();
    }
}
