package io.zerocopy.internal.service;

import io.zerocopy.Mechanism;
import io.zerocopy.internal.startup.PreloadedClasses;
import io.zerocopy.spi.Provider;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Finds the providers on the path of this process. What fails stands in the report, with its cause, and is remembered:
 *
 * <table>
 * <caption>Failures</caption>
 * <tr><td>a class that is missing, that is no provider, or whose initialiser has failed</td><td>for good: the JVM does not
 * run an initialiser again</td></tr>
 * <tr><td>anything else, such as no descriptors, no memory, or an exception of a constructor</td><td>until the next
 * search</td></tr>
 * </table>
 */
public final class ProviderSearch {
    /**
     * This library's own. A class loader does not show the files of a jar to code that a security manager keeps from
     * reading it, and says nothing of that; classes it loads all the same.
     */
    private static final List<String> OWN = List.of("io.zerocopy.linux.LinuxProvider", "io.zerocopy.nio.NioProvider");

    /** A service loader that cannot even list the services fails in the same way each time. */
    private static final int MAX_FAILURES = 64;

    private final List<Provider> found = new ArrayList<>();
    private final List<Provider> before;
    private boolean passing;

    private ProviderSearch(List<Provider> before) {
        this.before = before;
    }

    /**
     * Searches.
     *
     * @param before what the search before found
     */
    public static ProviderSearch search(List<Provider> before) {
        PreloadedClasses.with(Mechanism.class);
        ProviderSearch search = new ProviderSearch(before);
        search.services();
        if (search.found.isEmpty()) {
            search.own();
        }
        return search;
    }

    /** Those that were made, and one for each that could not be. */
    public List<Provider> found() {
        return found;
    }

    /** Whether another search may find more. */
    public boolean mayFindMore() {
        return passing;
    }

    private void services() {
        ClassLoader loader = Provider.class.getClassLoader();
        Iterator<Provider> services = ServiceLoader.load(Provider.class, loader).iterator();
        for (int failures = 0; failures < MAX_FAILURES; ) {
            try {
                if (!services.hasNext()) {
                    return;
                }
                add(services.next());
            } catch (ServiceConfigurationError | LinkageError | SecurityException failure) {
                failures++;
                failed(failure);
            }
        }
    }

    private void own() {
        for (String name : OWN) {
            try {
                Class<?> type = Class.forName(name, true, Provider.class.getClassLoader());
                add((Provider) type.getConstructor().newInstance());
            } catch (ClassNotFoundException notOnThePath) {
                continue;
            } catch (InvocationTargetException ofConstructor) {
                failed(ofConstructor.getCause());
            } catch (ReflectiveOperationException | LinkageError | SecurityException failure) {
                failed(failure);
            }
        }
    }

    /** Adds a provider, or the one of its class that was found before, which knows more by now. */
    private void add(Provider made) {
        for (Provider provider : before) {
            if (provider.getClass() == made.getClass()) {
                found.add(provider);
                return;
            }
        }
        PreloadedClasses.with(made.getClass());
        found.add(made);
    }

    private void failed(Throwable failure) {
        passing |= mayPass(failure);
        found.add(new BrokenProvider(failure));
    }

    private static boolean mayPass(Throwable failure) {
        Throwable cause = failure instanceof ServiceConfigurationError ? failure.getCause() : failure;
        return cause != null && !(cause instanceof LinkageError || cause instanceof ReflectiveOperationException);
    }
}
