package io.zerocopy.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.internal.plan.StepTable.Row;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every mechanism has a row with a reason, no row hides another, and the loop can handle every size. */
class StepTableTest {
    private static List<EndpointFacts> targets(EndpointKind kind) {
        return List.of(
                EndpointFacts.of(kind, -1, true),
                EndpointFacts.of(kind, -1, false),
                EndpointFacts.of(kind, -1, true).withDescriptor(true));
    }

    @Test
    void everyRowIsReachedAndHasItsReason() {
        Set<Row> reached = new HashSet<>();
        for (Mechanism mechanism : Mechanism.values()) {
            for (EndpointKind kind : EndpointKind.values()) {
                targets(kind).forEach(target -> reached.add(StepTable.of(mechanism, target)));
            }
        }
        assertThat(reached).containsExactlyInAnyOrderElementsOf(StepTable.rows());
        for (Row row : StepTable.rows()) {
            assertThat(row.reason()).isNotBlank();
            assertThat(row.first()).isBetween(StepTable.LEAST, row.most());
        }
    }

    /** A call that cannot be ended from outside moves few bytes at a time. */
    @Test
    void transferToMovesLittleWhereItMayWait() {
        long little = 1 << 20;
        for (EndpointKind kind : List.of(EndpointKind.TCP, EndpointKind.UNIX, EndpointKind.PIPE)) {
            List<EndpointFacts> targets = targets(kind);
            assertThat(StepTable.of(Mechanism.TRANSFER_TO, targets.get(0)).most())
                    .isEqualTo(little);
            assertThat(StepTable.of(Mechanism.TRANSFER_TO, targets.get(1)).most())
                    .isGreaterThan(little);
            assertThat(StepTable.of(Mechanism.TRANSFER_TO, targets.get(2)).most())
                    .isGreaterThan(little);
        }
        for (EndpointKind kind : List.of(EndpointKind.OPAQUE, EndpointKind.DEVICE)) {
            for (EndpointFacts target : targets(kind)) {
                assertThat(StepTable.of(Mechanism.TRANSFER_TO, target).most()).isEqualTo(little);
            }
        }
        for (EndpointFacts target : targets(EndpointKind.FILE)) {
            assertThat(StepTable.of(Mechanism.TRANSFER_TO, target).most()).isGreaterThan(little);
        }
    }

    @Test
    void whatHasNoMechanismBeginsWithLittle() {
        Row row = StepTable.of(null, EndpointFacts.of(EndpointKind.TCP, -1, true));
        assertThat(row).isEqualTo(StepTable.rows().get(StepTable.rows().size() - 1));
    }
}
