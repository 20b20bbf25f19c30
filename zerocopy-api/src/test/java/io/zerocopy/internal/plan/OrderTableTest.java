package io.zerocopy.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.internal.plan.OrderRow.Choice;
import io.zerocopy.internal.plan.OrderRow.Limit;
import io.zerocopy.internal.plan.OrderRow.Reached;
import io.zerocopy.internal.plan.OrderRow.Waiver;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The order table has a row for every pair and a reason for every row, and its limits are as documented. */
class OrderTableTest {
    private static TransferRequest asked(long count, Preference preference, boolean named) {
        return new TransferRequest(0, Target.NO_POSITION, count, false, Preference.AUTO)
                .withPreference(preference, named);
    }

    @Test
    void everyPairOfKindsHasARowThatEndsInReadAndWrite() {
        Set<OrderRow> reached = new HashSet<>();
        for (EndpointKind source : EndpointKind.values()) {
            for (EndpointKind target : EndpointKind.values()) {
                OrderRow row = OrderTable.of(source, target);
                reached.add(row);
                assertThat(row.order())
                        .as("%s to %s", source, target)
                        .contains(Mechanism.READ_WRITE)
                        .doesNotHaveDuplicates();
            }
        }
        assertThat(reached).as("no row hides another").containsExactlyInAnyOrderElementsOf(OrderTable.rows());
    }

    @Test
    void everyRowChoiceAndLimitHasItsReason() {
        for (OrderRow row : OrderTable.rows()) {
            assertThat(row.reason()).isNotBlank();
            for (Choice choice : row.choices()) {
                assertThat(choice.reason().isBlank())
                        .as("%s of the row: %s", choice, row.reason())
                        .isEqualTo(choice.reached() == Reached.IN_TURN);
                assertThat(choice.measured().isBlank()).as("%s", choice).isEqualTo(choice.reached() != Reached.BY_NAME);
                Limit limit = choice.limit();
                if (limit != Limit.NONE) {
                    assertThat(limit.refusal()).isNotBlank();
                    assertThat(limit.measured()).isNotBlank();
                }
            }
        }
    }

    /**
     * READ_WRITE never declines. So mechanisms after it are reached only if you require them, or rule READ_WRITE out.
     */
    @Test
    void onlyMarkedMechanismsFollowReadWrite() {
        for (OrderRow row : OrderTable.rows()) {
            int readWrite = row.order().indexOf(Mechanism.READ_WRITE);
            for (int i = 0; i < row.choices().size(); i++) {
                assertThat(row.choices().get(i).reached() == Reached.BEHIND_READ_WRITE)
                        .as("%s in %s", row.choices().get(i).mechanism(), row.order())
                        .isEqualTo(i > readWrite);
            }
        }
    }

    @Test
    void mechanismsThatMustBeNamedAreRefusedUnlessNamed() {
        List<String> byName = new ArrayList<>();
        for (OrderRow row : OrderTable.rows()) {
            for (Choice choice : row.choices()) {
                Mechanism mechanism = choice.mechanism();
                String unnamed = row.refusal(mechanism, asked(1L << 30, Preference.AUTO, false), true);
                assertThat(unnamed).isEqualTo(expectedOf(choice, 1L << 30));
                if (choice.reached() == Reached.BY_NAME) {
                    byName.add(mechanism.name());
                    assertThat(row.refusal(mechanism, asked(1L << 30, Preference.AUTO, true), true))
                            .isNull();
                }
            }
        }
        assertThat(byName).contains("DIRECT_IO", "IO_URING");
    }

    private static String expectedOf(Choice choice, long count) {
        if (choice.reached() == Reached.BY_NAME) {
            return choice.reason();
        }
        Limit limit = choice.limit();
        return count < limit.least() || count > limit.most() ? limit.refusal() : null;
    }

    @Test
    void limitsAreExactAndHaveTheirExceptions() {
        int limits = 0;
        for (OrderRow row : OrderTable.rows()) {
            for (Choice choice : row.choices()) {
                Limit limit = choice.limit();
                if (limit == Limit.NONE || choice.reached() == Reached.BY_NAME) {
                    continue;
                }
                limits++;
                Mechanism mechanism = choice.mechanism();
                long outside = limit.least() > 0 ? limit.least() - 1 : limit.most() + 1;
                long inside = limit.least() > 0 ? limit.least() : limit.most();
                assertThat(row.refusal(mechanism, asked(inside, Preference.AUTO, false), true))
                        .isNull();
                assertThat(row.refusal(mechanism, asked(outside, Preference.AUTO, false), true))
                        .isEqualTo(limit.refusal());
                assertThat(row.refusal(mechanism, asked(outside, Preference.AUTO, true), true) == null)
                        .isEqualTo(limit.waiver() == Waiver.NAMED);
                assertThat(row.refusal(mechanism, asked(outside, Preference.REQUIRE, true), true) == null)
                        .isEqualTo(limit.waiver() != Waiver.NOTHING);
            }
        }
        assertThat(limits).isPositive();
    }

    /** The figures that the README and the guide name. */
    @Test
    void littleIsReadSmallFilesAreGatheredAndMuchMemoryIsSentInPlace() {
        for (EndpointKind target :
                List.of(EndpointKind.FILE, EndpointKind.TCP, EndpointKind.UNIX, EndpointKind.DEVICE)) {
            assertThat(refused(EndpointKind.TCP, target, Mechanism.SPLICE, 16 << 10))
                    .isTrue();
            assertThat(refused(EndpointKind.TCP, target, Mechanism.SPLICE, (16 << 10) + 1))
                    .isFalse();
            assertThat(refused(EndpointKind.PIPE, target, Mechanism.SPLICE, 1)).isFalse();
        }
        assertThat(refused(EndpointKind.UNIX, EndpointKind.PIPE, Mechanism.SPLICE, 1))
                .isFalse();
        assertThat(refused(EndpointKind.FILE, EndpointKind.TCP, Mechanism.GATHER_WRITE, 32 << 10))
                .isFalse();
        assertThat(refused(EndpointKind.FILE, EndpointKind.TCP, Mechanism.GATHER_WRITE, (32 << 10) + 1))
                .isTrue();
        assertThat(refused(EndpointKind.MEMORY, EndpointKind.TCP, Mechanism.GATHER_WRITE, 1L << 30))
                .isFalse();
        assertThat(refused(EndpointKind.MEMORY, EndpointKind.TCP, Mechanism.MSG_ZEROCOPY, (1 << 20) - 1))
                .isTrue();
        assertThat(refused(EndpointKind.MEMORY, EndpointKind.TCP, Mechanism.MSG_ZEROCOPY, 1 << 20))
                .isFalse();
    }

    private static boolean refused(EndpointKind source, EndpointKind target, Mechanism mechanism, long count) {
        return OrderTable.of(source, target).refusal(mechanism, asked(count, Preference.AUTO, false), true) != null;
    }
}
