package io.zerocopy.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.tests.cli.TourRow.Verdict;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.pairs.Pair;
import io.zerocopy.tests.pairs.SourceEnd;
import io.zerocopy.tests.pairs.TargetEnd;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PairVisitTest {
    private static final int SIZE = 100_000;
    private static final Pair PAIR = new Pair(SourceEnd.FILE, TargetEnd.UNIX);

    private TestFixture fixture;
    private Path file;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
        file = fixture.file(SIZE);
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private TourRow visit(Path moved, byte[] digest, Pair pair) {
        return new PairVisit(moved, SIZE, digest, fixture.directory(), 2).of(pair);
    }

    @Test
    void verifiesThenMeasuresBothWays() throws Exception {
        TourRow row = visit(file, TargetEnd.digest(file), PAIR);
        assertThat(row.verdict()).isEqualTo(Verdict.VERIFIED);
        assertThat(row.ours()).hasSize(2);
        assertThat(row.loop()).hasSize(2);
        assertThat(row.toString()).contains(PAIR.toString(), row.mechanism().name(), "verified");
    }

    @Test
    void tellsWhenOtherBytesArrive() {
        TourRow row = visit(file, new byte[32], PAIR);
        assertThat(row.verdict()).isEqualTo(Verdict.DIFFERS);
        assertThat(row.isWell()).isFalse();
        assertThat(row.toString()).contains("DIFFERS");
    }

    @Test
    void tellsWhenFewerBytesArrive() throws Exception {
        TourRow row = visit(fixture.file(SIZE - 1), TargetEnd.digest(file), new Pair(SourceEnd.FILE, TargetEnd.NULL));
        assertThat(row.isWell()).isFalse();
    }

    @Test
    void tellsWhenAPairCannotBeBuilt() throws Exception {
        TourRow row = visit(fixture.path("absent"), TargetEnd.digest(file), PAIR);
        assertThat(row.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(row.toString().lines()).hasSize(1);
        assertThat(row.toString()).contains("no such file");
    }

    @Test
    void takesTheMedianOfEachNumberByItself() {
        List<TourRow.Cost> costs = List.of(
                new TourRow.Cost(1 << 30, 1.0, 0.9), // middle in time
                new TourRow.Cost(1 << 30, 0.5, 0.4), // middle in CPU time
                new TourRow.Cost(1 << 30, 2.0, 0.1));
        TourRow row = new TourRow(PAIR, Mechanism.SENDFILE, costs, costs, Verdict.VERIFIED, "");
        assertThat(row.toString()).containsPattern("SENDFILE +1\\.00 +400 \\| +1\\.00 +400 \\| +1\\.00 +verified");
    }
}
