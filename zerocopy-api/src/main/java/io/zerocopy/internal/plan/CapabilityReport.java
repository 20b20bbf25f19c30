package io.zerocopy.internal.plan;

import io.zerocopy.Capabilities;
import io.zerocopy.Mechanism;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Strategy;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The capabilities that the providers report, collected when this object is created. */
public final class CapabilityReport implements Capabilities {
    private final Providers providers = Providers.installed();
    private final Map<NamedMechanism, String> unavailable = new HashMap<>();
    private final Map<String, String> facts = new LinkedHashMap<>();

    private CapabilityReport() {
        for (NamedMechanism mechanism : providers.mechanisms()) {
            String cause = providers.unavailableBecause(mechanism);
            if (cause != null) {
                unavailable.put(mechanism, cause);
            }
        }
        facts.put("java", System.getProperty("java.version") + ", " + System.getProperty("java.vm.name"));
        facts.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
        String unknown = unknownSwitches();
        if (!unknown.isEmpty()) {
            facts.put("switched off, but unknown", unknown);
        }
        for (Provider provider : providers.all()) {
            String off = Providers.offBecause(provider);
            facts.put("provider " + provider.name(), off == null ? "in use" : off);
            if (off == null) {
                facts.putAll(provider.facts());
            }
        }
    }

    /**
     * Collects the report. Declared as the interface, so that the JVM can verify a caller without this class.
     *
     * @return what can be used now
     */
    public static Capabilities now() {
        return new CapabilityReport();
    }

    /** The names in the kill switches that match nothing, such as misspelt ones. */
    private String unknownSwitches() {
        Set<String> known = new LinkedHashSet<>(Set.of(KillSwitches.HOLES));
        providers.mechanisms().stream().map(NamedMechanism::name).forEach(known::add);
        providers.all().stream().map(Provider::name).forEach(known::add);
        return KillSwitches.given().stream()
                .filter(name -> known.stream().noneMatch(each -> KillSwitches.same(each, name)))
                .collect(Collectors.joining(", "));
    }

    @Override
    public boolean isAvailable(Mechanism mechanism) {
        return unavailableBecause(mechanism).isEmpty();
    }

    @Override
    public Optional<String> unavailableBecause(Mechanism mechanism) {
        Objects.requireNonNull(mechanism, "mechanism");
        return Optional.ofNullable(unavailable.get(NamedMechanism.of(mechanism)));
    }

    @Override
    public Optional<String> unavailableBecause(String mechanism) {
        NamedMechanism named = providers.named(Objects.requireNonNull(mechanism, "mechanism"));
        return named == null ? Optional.of("no provider has it") : Optional.ofNullable(unavailable.get(named));
    }

    @Override
    public Map<String, String> facts() {
        return Collections.unmodifiableMap(facts);
    }

    @Override
    public Map<String, String> probe(Path directory) {
        Objects.requireNonNull(directory, "directory");
        Map<String, String> found = new LinkedHashMap<>();
        for (Provider provider : providers.all()) {
            if (Providers.offBecause(provider) == null) {
                provider.probe(directory).forEach(found::putIfAbsent);
            }
        }
        return Collections.unmodifiableMap(found);
    }

    @Override
    public Optional<String> reflinkUnavailableBecause(Path directory) {
        Objects.requireNonNull(directory, "directory");
        String cause = unavailable.get(NamedMechanism.of(Mechanism.REFLINK));
        for (Provider provider : providers.all()) {
            if (cause == null && Providers.offBecause(provider) == null) {
                Optional<String> tried = provider.reflinkUnavailableBecause(directory);
                if (tried != null) {
                    return tried;
                }
            }
        }
        return Optional.of(cause != null ? cause : "no provider can test it");
    }

    @Override
    public Optional<Boolean> scatterGather(SocketChannel socket) {
        Objects.requireNonNull(socket, "socket");
        for (Provider provider : providers.all()) {
            if (Providers.offBecause(provider) == null) {
                Optional<Boolean> told = provider.scatterGather(socket);
                if (told.isPresent()) {
                    return told;
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        StringBuilder report = new StringBuilder("zerocopy capabilities\n");
        for (NamedMechanism mechanism : providers.mechanisms()) {
            String cause = unavailable.get(mechanism);
            String more = cause == null ? costs(mechanism) : cause;
            report.append(String.format("  %-16s %-4s %s%n", mechanism, cause == null ? "yes" : "no", more));
        }
        facts.forEach((name, value) -> report.append(String.format("  %-28s  %s%n", name, value)));
        return report.toString();
    }

    /**
     * The cost of a mechanism that a provider added. The costs of the library's own mechanisms are in their
     * documentation.
     */
    private String costs(NamedMechanism mechanism) {
        if (mechanism.isOwn()) {
            return "";
        }
        Strategy strategy = providers.strategy(mechanism);
        return "counts as " + mechanism.mechanism() + "; CPU copies " + strategy.cpuCopies() + ", DMA copies "
                + strategy.dmaCopies() + ", context switches a call " + strategy.contextSwitchesPerCall();
    }
}
