package io.zerocopy.internal.loop;

import static io.zerocopy.Mechanism.COPY_FILE_RANGE;
import static io.zerocopy.Mechanism.READ_WRITE;
import static io.zerocopy.Mechanism.SENDFILE;
import static io.zerocopy.internal.loop.ScriptedProvider.fails;
import static io.zerocopy.internal.loop.ScriptedProvider.moves;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zerocopy.TransferException;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.internal.build.TransferBuilder;
import io.zerocopy.internal.plan.Providers;
import io.zerocopy.internal.plan.StepTable;
import io.zerocopy.internal.plan.TransferSpec;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Extent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes that have reached the target are counted, even if a call that moves no bytes fails after them. */
class CountsTest {
    private static final int SIZE = 1000;

    private final ScriptedProvider provider = new ScriptedProvider();
    private final TransferBuilder transfer = new TransferBuilder(new ByteArrayInputStream(new byte[0]));

    CountsTest() {
        provider.source.facts = EndpointFacts.of(EndpointKind.FILE, SIZE, true);
        provider.target.facts = EndpointFacts.of(EndpointKind.FILE, 0, true);
        transfer.to(new ByteArrayOutputStream());
    }

    private TransferException failure() {
        return catchThrowableOfType(TransferException.class, () -> {
            TransferSpec spec = (TransferSpec) transfer.build();
            try (TransferLoop loop = TransferLoop.open(new Providers(List.of(provider)), spec, true)) {
                while (loop.advance() != Status.DONE) {
                    continue;
                }
            }
        });
    }

    private void failsWith(String cause, long transferred) {
        TransferException e = failure();
        assertThat(e).hasMessageStartingWith(cause + ": EIO (Input/output error) after " + transferred + " bytes, ");
        assertThat(e.transferred()).isEqualTo(transferred);
    }

    @Test
    void countsWhatMovedBeforeThePageCacheCouldNotBeCleared() {
        transfer.dropBehind();
        provider.source.failing.add("advise");
        provider.source.facts = EndpointFacts.of(EndpointKind.FILE, 64 << 20, true);
        ScriptedProvider.Answer[] steps =
                new ScriptedProvider.Answer[(int) (StepTable.DROPPED_TOGETHER / StepTable.LEAST)];
        Arrays.fill(steps, moves(StepTable.DROPPED_TOGETHER));
        provider.with(COPY_FILE_RANGE, "", steps);
        TransferException e = failure();
        assertThat(e).hasMessageStartingWith("advise: EIO (Input/output error) after " + e.transferred() + " bytes");
        assertThat(e.transferred()).isBetween(StepTable.DROPPED_TOGETHER, 2L * StepTable.DROPPED_TOGETHER);
    }

    @Test
    void countsAShortStepBeforeTheSizeCouldNotBeAskedFor() {
        transfer.count(SIZE); // so few that the size is asked for only after the first step
        provider.source.failing.add("size");
        transfer.to(new ByteArrayOutputStream());
        provider.target.facts = EndpointFacts.of(EndpointKind.PIPE, -1, true);
        provider.with(SENDFILE, "", moves(70));
        failsWith("size", 70);
    }

    @Test
    void takesBackAHoleThatTheTargetCannotBeExtendedBy() {
        provider.source.extent = new Extent(0, 600);
        provider.target.failing.add("extend");
        provider.with(COPY_FILE_RANGE, "", moves(600));
        failsWith("extend", 600);
        assertThat(provider.source.position).isEqualTo(600);
        assertThat(provider.target.position).isEqualTo(600);
    }

    @Test
    void takesBackAHoleIfTheDataAfterItFails() {
        provider.source.extent = new Extent(400, SIZE);
        provider.target.failing.add("extend");
        provider.with(COPY_FILE_RANGE, "", fails("write: EIO (Input/output error)"))
                .with(READ_WRITE, "");
        failsWith("write", 0);
    }

    @Test
    void keepsAHoleIfTheDataAfterItFails() {
        provider.source.extent = new Extent(400, SIZE);
        provider.with(COPY_FILE_RANGE, "", fails("write: EIO (Input/output error)"))
                .with(READ_WRITE, "");
        failsWith("write", 400);
        assertThat(provider.target.extended).isEqualTo(400);
    }

    @Test
    void movesTheTargetsPositionAlthoughTheSourcesCannotBeMoved() throws IOException {
        provider.source.failing.add("position");
        provider.with(COPY_FILE_RANGE, "", moves(600), fails("write: EIO (Input/output error)"));
        failsWith("write", 600);
        assertThat(provider.target.position).isEqualTo(600);
    }

    @Test
    void movesTheSourcesPositionAlthoughTheTargetsCannotBeMoved() throws IOException {
        provider.target.failing.add("position");
        provider.with(COPY_FILE_RANGE, "", moves(600), fails("write: EIO (Input/output error)"));
        failsWith("write", 600);
        assertThat(provider.source.position).isEqualTo(600);
    }
}
