package io.zerocopy.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.internal.build.TransferBuilder;
import io.zerocopy.internal.plan.Providers;
import io.zerocopy.internal.plan.TransferSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A transfer of a scripted provider, to set up, open or run. It holds nothing afterwards. */
abstract class ScriptedTransfer {
    final ScriptedProvider provider = new ScriptedProvider();
    final Preference[] preferences = new Preference[Mechanism.values().length];
    final List<Long> heard = new ArrayList<>();
    long count = Long.MAX_VALUE;
    long timeoutNanos;
    ByteBuffer[] header = {};
    ByteBuffer[] trailer = {};

    ScriptedTransfer() {
        Arrays.fill(preferences, Preference.AUTO);
    }

    @AfterEach
    void everythingIsLetGo() {
        assertThat(provider.source.acquired).isZero();
        assertThat(provider.target.acquired).isZero();
        long opened =
                provider.journal.stream().filter(e -> e.startsWith("open")).count();
        assertThat(provider.journal.stream().filter(e -> e.startsWith("close"))).hasSize((int) opened);
    }

    TransferLoop open() throws IOException {
        TransferBuilder builder = new TransferBuilder(new ByteArrayInputStream(new byte[0]));
        builder.to(new ByteArrayOutputStream())
                .count(count)
                .header(header)
                .trailer(trailer)
                .onProgress((transferred, total) -> heard.add(transferred));
        for (Mechanism mechanism : Mechanism.values()) {
            if (preferences[mechanism.ordinal()] != Preference.AUTO) {
                builder.use(mechanism, preferences[mechanism.ordinal()]);
            }
        }
        if (timeoutNanos > 0) {
            builder.timeout(Duration.ofNanos(timeoutNanos));
        }
        TransferSpec spec = (TransferSpec) builder.build();
        return TransferLoop.open(new Providers(List.of(provider)), spec, true);
    }

    TransferResult drive() throws IOException {
        try (TransferLoop loop = open()) {
            Status status = loop.advance();
            while (status != Status.DONE) {
                if (status != Status.PROGRESS) {
                    loop.await(status);
                }
                status = loop.advance();
            }
            return loop.result();
        }
    }
}
