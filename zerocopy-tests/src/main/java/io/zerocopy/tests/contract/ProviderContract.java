package io.zerocopy.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.zerocopy.Mechanism;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Strategy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.TestAbortedException;

/** The part of {@link StrategyContract} that is about the provider itself: what it has, and what of it works here. */
abstract class ProviderContract {
    private static final boolean STRICT = Boolean.getBoolean("zerocopy.tests.strict");
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Provider provider;

    ProviderContract(Provider provider) {
        this.provider = provider;
    }

    final Provider provider() {
        return provider;
    }

    /**
     * Declares a limit: tells whether, on the machine of the test, a mechanism may decline a pair that its strategy did not
     * refuse; before its first byte, and with a reason. Such a mechanism may also refuse every pair, where it knows that the
     * file system cannot serve it.
     *
     * @param mechanism the mechanism
     * @param gap whether the first byte is to go to behind the end of the target file
     * @return by default false
     */
    protected boolean mayDecline(Mechanism mechanism, boolean gap) {
        return false;
    }

    /**
     * Tells where files are made.
     *
     * @return a directory on the file system to test on; by default that of temporary files
     */
    protected Path directory() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** Seconds that threads have to end, and descriptors to be closed, when what they were for has ended. */
    long patience() {
        return Rig.DEADLINE_SECONDS;
    }

    final Rig rig() throws IOException {
        return new Rig(directory(), patience());
    }

    @BeforeEach
    void works() {
        String cause = provider.unavailableBecause();
        if (STRICT) {
            assertThat(cause).as("here the provider has to work: %s", cause).isNull();
        }
        assumeThat(cause).as("the provider does not work here: %s", cause).isNull();
    }

    /** Every mechanism once. */
    @Test
    void namesItsMechanisms() {
        assertThat(provider.name()).matches("[a-z][a-z0-9-]*");
        assertThat(provider.strategies()).isNotEmpty();
        assertThat(provider.strategies()).extracting(Strategy::mechanism).doesNotHaveDuplicates();
    }

    /** Each at work, or with its cause: what does not work is in no other test. */
    @TestFactory
    Stream<DynamicNode> everyMechanismWorksHere() {
        return provider.strategies().stream()
                .map(strategy -> limited(strategy.mechanism().name(), () -> {
                    String cause = strategy.unavailableBecause();
                    if (cause != null) {
                        assertThat(cause).isNotBlank();
                        assertThat(STRICT)
                                .as("here all have to work: %s", cause)
                                .isFalse();
                        throw new TestAbortedException(strategy.mechanism() + " does not work here: " + cause);
                    }
                }));
    }

    final Stream<Strategy> available() {
        return provider.strategies().stream().filter(strategy -> strategy.unavailableBecause() == null);
    }

    /** The mechanisms, each of which has to be this provider's: a transfer would otherwise be served by somebody else. */
    final Stream<Mechanism> installed() {
        List<Provider> all = ServiceLoader.load(Provider.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(Provider::rank))
                .toList();
        return available().map(Strategy::mechanism).peek(mechanism -> {
            Provider owner = all.stream()
                    .filter(each -> each.strategies().stream().anyMatch(s -> s.mechanism() == mechanism))
                    .findFirst()
                    .orElse(null);
            assertThat(owner)
                    .as("whose %s a transfer takes: the provider has to be a service, and to rank first", mechanism)
                    .isInstanceOf(provider.getClass());
        });
    }

    /** A test that hangs says where, and one that fails which it is: not every report shows its name. */
    static DynamicNode limited(String name, Executable test) {
        return dynamicTest(name, () -> {
            try {
                assertTimeoutPreemptively(LIMIT, test);
            } catch (TestAbortedException skipped) {
                throw skipped;
            } catch (Exception | AssertionError e) {
                String said = e instanceof AssertionError ? e.getMessage() : e.toString();
                throw new AssertionError(name + ": " + said, e);
            }
        });
    }
}
