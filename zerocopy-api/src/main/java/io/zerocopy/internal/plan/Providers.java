package io.zerocopy.internal.plan;

import io.zerocopy.ChannelHold;
import io.zerocopy.Mechanism;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.OpenFiles;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The providers of this process, in the order of their rank, and what each question to them comes to. */
public final class Providers {
    private static final int KINDS = EndpointKind.values().length;
    private static final Providers INSTALLED = new Providers(load());

    private final List<Provider> all;
    private final List<NamedMechanism> mechanisms = new ArrayList<>(NamedMechanism.own()); // each at its index
    private final List<Strategy> strategies = new ArrayList<>(Collections.nCopies(mechanisms.size(), null));
    private final List<Provider> owners = new ArrayList<>(strategies.size());

    private final AtomicReferenceArray<List<NamedMechanism>> orders = new AtomicReferenceArray<>(KINDS * KINDS);

    private volatile Switched switched; // as of the property that was seen last

    /** What the kill switches say of each mechanism and provider: null, or who switched it off. */
    record Switched(String property, String[] mechanisms, String[] providers) {}

    public Providers(List<Provider> providers) {
        all = new ArrayList<>(providers);
        all.sort(Comparator.comparingInt(Provider::rank));
        owners.addAll(Collections.nCopies(mechanisms.size(), null));
        for (Provider provider : all) {
            for (Strategy strategy : provider.strategies()) {
                add(provider, strategy);
            }
        }
    }

    /** Of several strategies with one name the first is used. */
    private void add(Provider provider, Strategy strategy) {
        NamedMechanism known = named(strategy.name());
        if (known == null) {
            mechanisms.add(new NamedMechanism(strategy.mechanism(), strategy.name(), mechanisms.size()));
            strategies.add(strategy);
            owners.add(provider);
        } else if (known.is(strategy.mechanism()) && strategies.get(known.index()) == null) {
            strategies.set(known.index(), strategy);
            owners.set(known.index(), provider);
        }
    }

    /** The mechanism with a name; null where nobody brings one. */
    public NamedMechanism named(String name) {
        for (NamedMechanism mechanism : mechanisms) {
            if (KillSwitches.same(mechanism.name(), name)) {
                return mechanism;
            }
        }
        return null;
    }

    /** All mechanisms: the library's own, built in or not, and those that providers added. */
    public List<NamedMechanism> mechanisms() {
        return mechanisms;
    }

    /**
     * The mechanisms for a pair, in order: a row of the table, with those that providers added in the places that they
     * gave.
     */
    List<NamedMechanism> order(OrderRow row, EndpointKind source, EndpointKind target) {
        if (mechanisms.size() == NamedMechanism.own().size()) {
            return row.named();
        }
        int at = source.ordinal() * KINDS + target.ordinal();
        List<NamedMechanism> known = orders.get(at);
        if (known == null) {
            known = merged(row, source, target);
            orders.set(at, known);
        }
        return known;
    }

    private List<NamedMechanism> merged(OrderRow row, EndpointKind source, EndpointKind target) {
        List<NamedMechanism> order = new ArrayList<>(row.named());
        for (NamedMechanism added : mechanisms.subList(NamedMechanism.own().size(), mechanisms.size())) {
            Mechanism before = strategy(added).before(source, target);
            if (before != null) {
                int place = order.indexOf(NamedMechanism.of(before));
                order.add(place >= 0 ? place : order.indexOf(NamedMechanism.of(Mechanism.READ_WRITE)), added);
            }
        }
        return List.copyOf(order);
    }

    public static Providers installed() {
        return INSTALLED;
    }

    private static List<Provider> load() {
        PreloadedClasses.with(Mechanism.class);
        List<Provider> found = new ArrayList<>();
        var services = ServiceLoader.load(Provider.class, Provider.class.getClassLoader())
                .iterator();
        while (true) {
            try {
                if (!services.hasNext()) {
                    return found;
                }
                Provider next = services.next();
                PreloadedClasses.with(next.getClass());
                found.add(next);
            } catch (ServiceConfigurationError | LinkageError broken) {
                found.add(new BrokenProvider(broken));
            }
        }
    }

    List<Provider> all() {
        return all;
    }

    /** The strategy for a mechanism, or null where nobody built one in. */
    Strategy strategy(NamedMechanism mechanism) {
        return strategies.get(mechanism.index());
    }

    /** Looked up once for every text that the property has had; every transfer asks several times. */
    Switched switched() {
        String property = System.getProperty(KillSwitches.PROPERTY);
        Switched known = switched;
        if (known == null || !Objects.equals(property, known.property())) {
            String[] off = new String[mechanisms.size()];
            for (NamedMechanism mechanism : mechanisms) {
                String own = KillSwitches.offBecause(mechanism.name());
                off[mechanism.index()] = own != null
                        ? own
                        : KillSwitches.offBecause(mechanism.mechanism().name());
            }
            String[] providers = new String[all.size()];
            for (int i = 0; i < providers.length; i++) {
                providers[i] = KillSwitches.offBecause(all.get(i).name());
            }
            known = new Switched(property, off, providers);
            switched = known;
        }
        return known;
    }

    private Provider inUse(Switched switches, int index) {
        Provider provider = all.get(index);
        return switches.providers()[index] == null && provider.unavailableBecause() == null ? provider : null;
    }

    /** Why this process cannot use a mechanism, or null when it can. */
    String unavailableBecause(NamedMechanism mechanism) {
        Switched switches = switched();
        String off = switches.mechanisms()[mechanism.index()];
        if (off != null) {
            return off;
        }
        Strategy strategy = strategy(mechanism);
        if (strategy == null) {
            return all.stream()
                    .filter(provider -> provider.strategies().isEmpty() && offBecause(provider) != null)
                    .map(provider -> "the " + provider.name() + " part cannot be used: " + offBecause(provider))
                    .findFirst()
                    .orElse("not built in");
        }
        Provider owner = owners.get(mechanism.index());
        String ownerOff = switches.providers()[all.indexOf(owner)];
        ownerOff = ownerOff != null ? ownerOff : owner.unavailableBecause();
        return ownerOff != null ? ownerOff : strategy.unavailableBecause();
    }

    static String offBecause(Provider provider) {
        String off = KillSwitches.offBecause(provider.name());
        return off != null ? off : provider.unavailableBecause();
    }

    public Source source(Closeable channelOrStream) {
        Switched switches = switched();
        for (int i = 0; i < all.size(); i++) {
            Provider provider = inUse(switches, i);
            Source port = provider != null ? provider.source(channelOrStream) : null;
            if (port != null) {
                return port;
            }
        }
        throw noProvider();
    }

    public Target target(Closeable channelOrStream) {
        Switched switches = switched();
        for (int i = 0; i < all.size(); i++) {
            Provider provider = inUse(switches, i);
            Target port = provider != null ? provider.target(channelOrStream) : null;
            if (port != null) {
                return port;
            }
        }
        throw noProvider();
    }

    /** A channel to a path, by a wait that can end if it is a FIFO; null where the JDK has to open it. */
    public Channel open(Path path, Set<? extends OpenOption> options, Provider.Patience patience) throws IOException {
        Switched switches = switched();
        for (int i = 0; i < all.size(); i++) {
            Provider provider = inUse(switches, i);
            Channel opened = provider != null ? provider.open(path, options, patience) : null;
            if (opened != null) {
                return opened;
            }
        }
        return null;
    }

    /** What can be done to the file of a channel without its name; null where nobody knows its descriptor. */
    public OpenFiles openFiles(Channel channel) {
        Switched switches = switched();
        for (int i = 0; i < all.size(); i++) {
            Provider provider = inUse(switches, i);
            OpenFiles files = provider != null ? provider.openFiles(channel) : null;
            if (files != null) {
                return files;
            }
        }
        return null;
    }

    public EndpointFacts describe(Path path, boolean target) {
        Switched switches = switched();
        for (int i = 0; i < all.size(); i++) {
            Provider provider = inUse(switches, i);
            EndpointFacts facts = provider != null ? provider.describe(path, target) : null;
            if (facts != null) {
                return facts;
            }
        }
        throw noProvider();
    }

    /** What keeps a channel prepared for transfers; null where nobody has anything to keep. */
    public ChannelHold hold(Channel channel) {
        Switched switches = switched();
        for (int i = 0; i < all.size(); i++) {
            Provider provider = inUse(switches, i);
            ChannelHold hold = provider != null ? provider.hold(channel) : null;
            if (hold != null) {
                return hold;
            }
        }
        return null;
    }

    /** The channel inside a stream that adds nothing to it; the stream itself where there is none. */
    public Closeable unwrap(Closeable channelOrStream) {
        if (channelOrStream instanceof Channel) {
            return channelOrStream;
        }
        Switched switches = switched();
        for (int i = 0; i < all.size(); i++) {
            Provider provider = inUse(switches, i);
            Closeable inner = provider != null ? provider.unwrap(channelOrStream) : null;
            if (inner != null) {
                return inner;
            }
        }
        return channelOrStream;
    }

    private static IllegalStateException noProvider() {
        return new IllegalStateException("no provider of mechanisms can be used: add io.zerocopy:zerocopy-native, or"
                + " io.zerocopy:zerocopy-nio, to the application");
    }
}
