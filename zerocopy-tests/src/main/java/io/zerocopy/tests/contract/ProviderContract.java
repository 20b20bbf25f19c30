package io.zerocopy.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.zerocopy.Mechanism;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Strategy;
import io.zerocopy.tests.fixture.Sample;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.lang.reflect.Method;
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
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.TestAbortedException;

/**
 * The part of {@link StrategyContract} about the provider itself: which mechanisms it has, and which of them work on
 * this machine.
 */
@ExtendWith(Sample.class)
abstract class ProviderContract {
    private static final boolean STRICT = Boolean.getBoolean("zerocopy.tests.strict");
    private static final Duration LIMIT = Duration.ofSeconds(3 * TestFixture.DEADLINE_SECONDS);

    private final Provider provider;
    private String factory = "";

    ProviderContract(Provider provider) {
        this.provider = provider;
    }

    final Provider provider() {
        return provider;
    }

    /**
     * Declares a limit: returns whether, on the machine of the test, a mechanism may decline a pair that its strategy
     * did not refuse. It must then decline before its first byte, and give a reason. Such a mechanism may also
     * refuse every pair if it knows that the file system cannot serve it.
     *
     * @param mechanism the mechanism
     * @param gap whether the first byte goes to a position after the end of the target file
     * @return true if it may; the default is false
     */
    protected boolean mayDecline(Mechanism mechanism, boolean gap) {
        return false;
    }

    /**
     * Returns where the test creates files.
     *
     * @return a directory on the file system to test; the default is the directory for temporary files
     */
    protected Path directory() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** Seconds within which threads must end, and descriptors be closed, after they are no longer needed. */
    long patience() {
        return TestFixture.DEADLINE_SECONDS;
    }

    final TestFixture fixture() throws IOException {
        return new TestFixture(directory(), patience());
    }

    @BeforeEach
    void works(TestInfo test) {
        factory = test.getTestMethod().map(Method::getName).orElse("");
        String cause = provider.unavailableBecause();
        if (STRICT) {
            assertThat(cause).as("here the provider has to work: %s", cause).isNull();
        }
        assumeThat(cause).as("the provider does not work here: %s", cause).isNull();
    }

    /** The provider has each mechanism at most once; one that it adds has a name that no other mechanism has. */
    @Test
    void namesItsMechanisms() {
        assertThat(provider.name()).matches("[a-z][a-z0-9-]*");
        assertThat(provider.strategies()).isNotEmpty();
        assertThat(provider.strategies()).extracting(Strategy::name).doesNotHaveDuplicates();
        for (Strategy strategy : provider.strategies()) {
            assertThat(strategy.name()).matches("[A-Z][A-Z0-9_]*").isEqualTo(strategy.name());
            if (!strategy.name().equals(strategy.mechanism().name())) {
                assertThat(Mechanism.values()).extracting(Mechanism::name).doesNotContain(strategy.name());
            }
        }
    }

    /** Each mechanism is available, or gives its cause; other tests leave out those that are not. */
    @TestFactory
    Stream<DynamicNode> everyMechanismWorksHere() {
        return provider.strategies().stream()
                .map(strategy -> limited(strategy.name(), () -> {
                    String cause = strategy.unavailableBecause();
                    if (cause != null) {
                        assertThat(cause).isNotBlank();
                        assertThat(STRICT)
                                .as("here all have to work: %s", cause)
                                .isFalse();
                        throw new TestAbortedException(strategy.name() + " does not work here: " + cause);
                    }
                }));
    }

    final Stream<Strategy> available() {
        return provider.strategies().stream().filter(strategy -> strategy.unavailableBecause() == null);
    }

    /**
     * Returns the mechanisms that this provider serves in transfers. It must rank first for them; otherwise another
     * provider would serve the transfer.
     */
    final Stream<Strategy> installed() {
        List<Provider> all = ServiceLoader.load(Provider.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(Provider::rank))
                .toList();
        return available().peek(strategy -> {
            Provider owner = all.stream()
                    .filter(each ->
                            each.strategies().stream().anyMatch(s -> s.name().equals(strategy.name())))
                    .findFirst()
                    .orElse(null);
            assertThat(owner)
                    .as(
                            "whose %s a transfer takes: the provider has to be a service, and to rank first",
                            strategy.name())
                    .isInstanceOf(provider.getClass());
        });
    }

    /** Returns the cases that a test tries: all of them, or some for each mechanism, see {@link Sample}. */
    final <T> Stream<T> sampled(Stream<T> cases) {
        String matrix = getClass().getSimpleName() + "." + factory;
        return Sample.of(matrix, cases, each -> mechanism(each).replaceFirst(":.*", ""));
    }

    private static String mechanism(Object named) {
        return named instanceof DynamicNode node ? node.getDisplayName() : named.toString();
    }

    /**
     * Creates a test whose message names it, because not every report shows test names. If it hangs, the message says
     * where.
     */
    static DynamicNode limited(String name, Executable test) {
        return dynamicTest(name, () -> {
            long begun = System.nanoTime();
            try {
                assertTimeoutPreemptively(LIMIT, test);
            } catch (TestAbortedException skipped) {
                throw skipped;
            } catch (Exception | AssertionError e) {
                String said = e instanceof AssertionError ? e.getMessage() : e.toString();
                boolean hung = System.nanoTime() - begun >= LIMIT.toNanos();
                throw new AssertionError(name + ": " + said + (hung ? allThreads() : ""), e);
            }
        });
    }

    private static String allThreads() {
        StringBuilder dump = new StringBuilder("\nall threads:\n");
        Thread.getAllStackTraces().forEach((thread, frames) -> {
            dump.append(thread).append(' ').append(thread.getState()).append('\n');
            for (StackTraceElement frame : frames) {
                dump.append("    at ").append(frame).append('\n');
            }
        });
        return dump.toString();
    }
}
