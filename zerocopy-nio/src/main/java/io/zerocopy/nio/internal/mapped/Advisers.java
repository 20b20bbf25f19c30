package io.zerocopy.nio.internal.mapped;

import io.zerocopy.spi.Advice;
import io.zerocopy.spi.Provider;
import java.nio.MappedByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Passes advice about memory to the provider that can give it to the kernel. Java itself can only load pages. */
public final class Advisers {
    private static final List<Provider> PROVIDERS = load();

    private Advisers() {}

    private static List<Provider> load() {
        List<Provider> found = new ArrayList<>();
        var services = ServiceLoader.load(Provider.class, Provider.class.getClassLoader())
                .iterator();
        while (true) {
            try {
                if (!services.hasNext()) {
                    return found;
                }
                Provider provider = services.next();
                if (provider.unavailableBecause() == null) {
                    found.add(provider);
                }
            } catch (ServiceConfigurationError | LinkageError broken) {
                continue; // the cause is in the report of capabilities
            }
        }
    }

    /** Returns true if a provider has advised the kernel. */
    public static boolean advise(MappedByteBuffer part, Advice advice) {
        for (Provider provider : PROVIDERS) {
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
