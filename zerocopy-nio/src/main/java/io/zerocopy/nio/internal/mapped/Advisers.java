package io.zerocopy.nio.internal.mapped;

import io.zerocopy.spi.Advice;
import io.zerocopy.spi.Provider;
import java.nio.MappedByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The providers that can do more with a file than Java: pass advice about memory to the kernel, where Java itself can only
 * load pages, and open a path without waiting.
 */
public final class Advisers {
    private static final int MAX_FAILURES = 64; // of a service loader that cannot even list the services

    private static volatile List<Provider> providers; // once all of them were made

    private Advisers() {}

    /** Those that no operator has switched off, see {@code zerocopy.disable}. */
    static List<Provider> inUse() {
        List<Provider> all = providers();
        List<Provider> some = new ArrayList<>(all.size());
        for (Provider provider : all) {
            if (!isSwitchedOff(provider.name())) {
                some.add(provider);
            }
        }
        return some;
    }

    private static boolean isSwitchedOff(String name) {
        try {
            return lists(System.getProperty("zerocopy.disable"), name)
                    || lists(System.getenv("ZEROCOPY_DISABLE"), name);
        } catch (SecurityException notToBeRead) {
            return false;
        }
    }

    private static boolean lists(String names, String name) {
        for (String listed : names == null ? new String[0] : names.split(",")) {
            if (listed.strip().replace('-', '_').equalsIgnoreCase(name.replace('-', '_'))) {
                return true;
            }
        }
        return false;
    }

    private static List<Provider> providers() {
        List<Provider> known = providers;
        if (known != null) {
            return known;
        }
        List<Provider> found = new ArrayList<>();
        int failures = load(found);
        if (failures == 0) { // else another try may find more
            providers = found;
        }
        return found;
    }

    private static int load(List<Provider> found) {
        int failures = 0;
        var services = ServiceLoader.load(Provider.class, Provider.class.getClassLoader())
                .iterator();
        while (failures < MAX_FAILURES) {
            try {
                if (!services.hasNext()) {
                    break;
                }
                found.add(services.next());
            } catch (ServiceConfigurationError | LinkageError | SecurityException broken) {
                failures++; // the cause is in the report of capabilities
            }
        }
        return failures;
    }

    /** Returns true if a provider has advised the kernel. */
    public static boolean advise(MappedByteBuffer part, Advice advice) {
        for (Provider provider : inUse()) {
            if (provider.advise(part, advice)) {
                return true;
            }
        }
        if (advice == Advice.WILL_NEED) {
            part.load();
            return true;
        }
        return false;
    }
}
