package io.zerocopy.internal.loop;

import static io.zerocopy.Mechanism.READ_WRITE;
import static io.zerocopy.Mechanism.SPLICE;
import static io.zerocopy.internal.loop.ScriptedProvider.moves;
import static io.zerocopy.internal.loop.ScriptedProvider.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Preference;
import io.zerocopy.TransferPlan.Candidate;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.Fallback;
import io.zerocopy.TransferResult.Leg;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.internal.build.TransferBuilder;
import io.zerocopy.internal.endpoint.OpenEndpoints;
import io.zerocopy.internal.plan.KillSwitches;
import io.zerocopy.internal.plan.Providers;
import io.zerocopy.internal.plan.TransferSpec;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Step;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A mechanism that a provider adds appears beside the twelve, by its name, in plan, result and preferences. */
class AddedMechanismTest {
    private final ScriptedProvider provider = new ScriptedProvider();

    private TransferSpec spec(Mechanism mechanism, Preference preference) {
        TransferBuilder builder = new TransferBuilder(new ByteArrayInputStream(new byte[0]));
        builder.to(new ByteArrayOutputStream());
        if (mechanism != null) {
            builder.use(mechanism, preference);
        }
        return (TransferSpec) builder.build();
    }

    private TransferResult drive(TransferSpec spec) throws IOException {
        try (TransferLoop loop = TransferLoop.open(new Providers(List.of(provider)), spec, true)) {
            while (loop.advance() != Status.DONE) {
                continue;
            }
            return loop.result();
        }
    }

    private List<String> plan(TransferSpec spec, boolean eligible) throws IOException {
        return OpenEndpoints.plan(new Providers(List.of(provider)), spec).candidates().stream()
                .filter(candidate -> candidate.eligible() == eligible)
                .map(Candidate::name)
                .toList();
    }

    @Test
    void isTriedInItsPlaceAndNamedInTheResult() throws IOException {
        provider.with(SPLICE, "", says(Step.DECLINED))
                .with(READ_WRITE, "")
                .adding("TEE", SPLICE, "", moves(5), moves(2), says(Step.DECLINED))
                .adding("HEAP", READ_WRITE, "", moves(4));
        TransferResult result = drive(spec(null, null));
        assertThat(result.mechanismName()).isEqualTo("TEE");
        assertThat(result.mechanism()).isEqualTo(SPLICE);
        assertThat(result.legs()).containsExactly(new Leg(SPLICE, "TEE", 7), new Leg(READ_WRITE, "HEAP", 4));
        assertThat(result.fallbacks())
                .containsExactly(
                        new Fallback(SPLICE, "TEE", "TEE: EINVAL (Invalid argument)"),
                        new Fallback(SPLICE, "SPLICE: EINVAL (Invalid argument)"));
        assertThat(result.toString()).startsWith("11 bytes by TEE (7), HEAP (4) in ");
    }

    @Test
    void isPlannedBeforeTheMechanismThatItCountsAs() throws IOException {
        provider.with(SPLICE, "")
                .with(READ_WRITE, "")
                .adding("TEE", SPLICE, "")
                .adding("SECOND", SPLICE, "")
                .adding("HEAP", READ_WRITE, "")
                .adding("ELSEWHERE", Mechanism.MSG_ZEROCOPY, ""); // not in the order of this pair
        assertThat(plan(spec(null, null), true))
                .containsExactly("TEE", "SECOND", "SPLICE", "HEAP", "ELSEWHERE", "READ_WRITE");
        assertThat(plan(spec(null, null), false)).doesNotContain("TEE").hasSize(Mechanism.values().length - 2);
    }

    @Test
    void countsAsItsMechanismForWishesAndKillSwitches() throws IOException {
        provider.with(SPLICE, "").with(READ_WRITE, "").adding("TEE", SPLICE, "");
        assertThat(plan(spec(SPLICE, Preference.NEVER), true)).containsExactly("READ_WRITE");
        assertThat(plan(spec(SPLICE, Preference.REQUIRE), true)).containsExactly("TEE", "SPLICE");
        assertThat(plan(spec(READ_WRITE, Preference.REQUIRE), true)).containsExactly("READ_WRITE");
        assertThat(switchedOff("tee")).containsExactly("SPLICE", "READ_WRITE");
        assertThat(switchedOff("splice")).containsExactly("READ_WRITE");
    }

    private List<String> switchedOff(String name) throws IOException {
        String before = System.getProperty(KillSwitches.PROPERTY);
        System.setProperty(KillSwitches.PROPERTY, name);
        try {
            return plan(spec(null, null), true);
        } finally {
            if (before == null) {
                System.clearProperty(KillSwitches.PROPERTY);
            } else {
                System.setProperty(KillSwitches.PROPERTY, before);
            }
        }
    }

    @Test
    void namesThatAreTakenAreIgnored() throws IOException {
        provider.with(READ_WRITE, "")
                .adding("SPLICE", READ_WRITE, "")
                .adding("TEE", READ_WRITE, "")
                .adding("tee", READ_WRITE, "");
        assertThat(plan(spec(null, null), true)).containsExactly("TEE", "READ_WRITE");
    }

    /** The source's facts claim a descriptor that the port does not have; the target's facts deny one that it has. */
    @Test
    void isAskedWithFactsThatSayWhatTheAccessorReturns() throws IOException {
        provider.with(READ_WRITE, "");
        provider.source.facts = new EndpointFacts(EndpointKind.TCP, -1, false, true, true, 0, 0, "");
        provider.target.descriptor = use -> use.make(-1);
        plan(spec(null, null), true);
        assertThat(provider.judged).containsOnly("false to true");
    }

    @Test
    void isListedWithItsReasonWhereItWasRequiredAndDeclined() {
        provider.with(READ_WRITE, "").adding("TEE", SPLICE, "", says(Step.DECLINED));
        assertThatThrownBy(() -> drive(spec(SPLICE, Preference.REQUIRE)))
                .isInstanceOf(MechanismUnavailableException.class)
                .hasMessageContaining("TEE: TEE: EINVAL (Invalid argument)")
                .hasMessageContaining("SPLICE: not built in");
    }
}
