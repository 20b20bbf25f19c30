package io.zerocopy.internal.plan;

import io.zerocopy.ChannelHold;
import io.zerocopy.Mechanism;
import io.zerocopy.internal.startup.PreloadedClasses;
import io.zerocopy.internal.startup.SpareDescriptors;
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
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;

/** The providers of this process, in the order of their rank, and the common answer to each question. */
public final class Providers {
    /**
     * The provider that is asked only while it is in use, because it loads JNA for the answer. It brings only the
     * library's own mechanisms.
     */
    private static final String ON_DEMAND = "native";

    private static volatile Providers installed;

    private final List<Provider> all;
    private final IOException loadedBy; // why the providers could not be loaded this time; otherwise null

    private volatile Built built;
    private volatile Switched switched; // for the value of the property that was read last

    /** What the kill switches say about each mechanism and provider: null, or where it was switched off. */
    record Switched(String property, String[] mechanisms, String[] providers) {}

    public Providers(List<Provider> providers) {
        this(providers, null);
    }

    private Providers(List<Provider> providers, IOException failure) {
        all = new ArrayList<>(providers);
        all.sort(new ByRank());
        loadedBy = failure;
        boolean[] asked = new boolean[all.size()];
        for (int i = 0; i < asked.length; i++) {
            asked[i] = !ON_DEMAND.equals(all.get(i).name());
        }
        built = new Built(all, asked);
    }

    private static final class ByRank implements Comparator<Provider> {
        @Override
        public int compare(Provider one, Provider other) {
            return Integer.compare(one.rank(), other.rank());
        }
    }

    /** The mechanism with a name; null if no provider has one. */
    public NamedMechanism named(String name) {
        return built.named(name);
    }

    /** All mechanisms: the library's own, even if no provider has them, and those that providers added. */
    public List<NamedMechanism> mechanisms() {
        return built.mechanisms();
    }

    /**
     * The mechanisms for a pair, in order: a row of the table, and the mechanisms that providers added, each in the
     * place that its provider gave.
     */
    List<NamedMechanism> order(OrderRow row, EndpointKind source, EndpointKind target) {
        return built.order(row, source, target);
    }

    /**
     * The providers of this process. If they cannot be loaded now, returns one provider that says so; the next call
     * tries again.
     */
    public static Providers installed() {
        Providers known = installed;
        return known != null ? known : first();
    }

    /** As {@link #installed}, for a transfer; throws if they cannot be loaded now. */
    public static Providers forTransfer() throws IOException {
        Providers providers = installed();
        if (providers.loadedBy != null) {
            throw providers.loadedBy;
        }
        return providers;
    }

    /** Returns this object; if its providers could not be loaded, tries again and returns those that are loaded now. */
    public Providers loaded() throws IOException {
        return loadedBy == null ? this : forTransfer();
    }

    private static synchronized Providers first() {
        if (installed == null && !SpareDescriptors.areLeft()) {
            IOException failure = new IOException(SpareDescriptors.missingFor("the mechanisms"));
            return new Providers(List.of(new BrokenProvider(failure)), failure);
        }
        if (installed == null) {
            installed = new Providers(load());
        }
        return installed;
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

    /** The strategy for a mechanism; null if no provider has one. */
    Strategy strategy(NamedMechanism mechanism) {
        Strategy known = built.strategy(mechanism);
        return known != null ? known : asked().strategy(mechanism);
    }

    /** The strategies, after all providers that can be asked by now were asked. */
    private Built asked() {
        Built known = built;
        return mayAskMore(known, switched()) ? askOthers() : known;
    }

    private boolean mayAskMore(Built known, Switched switches) {
        for (int i = 0; i < all.size(); i++) {
            if (!known.asked()[i] && inUse(switches, i) != null) {
                return true;
            }
        }
        return false;
    }

    /** Asks the providers that are in use and were not asked before. */
    private synchronized Built askOthers() {
        Switched switches = switched();
        boolean[] asked = built.asked().clone();
        boolean more = false;
        for (int i = 0; i < asked.length; i++) {
            if (!asked[i] && inUse(switches, i) != null) {
                asked[i] = true;
                more = true;
            }
        }
        if (more) {
            built = new Built(all, asked);
        }
        return built;
    }

    /** Kept until the property changes, because every transfer asks several times. */
    Switched switched() {
        String property = KillSwitches.property();
        Switched known = switched;
        if (known == null || !Objects.equals(property, known.property())) {
            List<NamedMechanism> mechanisms = built.mechanisms();
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

    /** Why this process cannot use a mechanism; null if it can. */
    String unavailableBecause(NamedMechanism mechanism) {
        Switched switches = switched();
        String off = switches.mechanisms()[mechanism.index()];
        if (off != null) {
            return off;
        }
        Strategy strategy = strategy(mechanism);
        if (strategy == null) {
            return missingBecause();
        }
        Provider owner = built.owner(mechanism);
        String ownerOff = switches.providers()[all.indexOf(owner)];
        ownerOff = ownerOff != null ? ownerOff : owner.unavailableBecause();
        return ownerOff != null ? ownerOff : strategy.unavailableBecause();
    }

    /** Why no provider has a mechanism: the first provider that cannot be used may have it. */
    private String missingBecause() {
        for (Provider provider : all) {
            String off = offBecause(provider);
            if (off != null) {
                return "the " + provider.name() + " part cannot be used: " + off;
            }
        }
        return "not built in";
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

    /** Opens a channel to a path; a wait for the other end of a FIFO can be ended. Null if the JDK has to open it. */
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

    /** Operations on the file of a channel that need no name; null if no provider knows its descriptor. */
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

    /** Keeps a channel prepared for transfers; null if no provider has anything to keep. */
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

    /** The channel inside a stream that only passes bytes on; the stream itself if there is none. */
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

    private IllegalStateException noProvider() {
        if (loadedBy != null) {
            return new IllegalStateException(loadedBy.getMessage());
        }
        return new IllegalStateException("no provider of mechanisms can be used: add io.zerocopy:zerocopy-native, or"
                + " io.zerocopy:zerocopy-nio, to the application");
    }
}
