package io.zerocopy.tests.degraded;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.spi.Provider;
import io.zerocopy.tests.kit.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Providers, and loggers, of others that cannot be made. */
class ProvidersTest {
    @TempDir
    Path folder;

    private Child.Ended withService(Class<?> type, Class<?> service, Class<?> subject) throws Exception {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(type.getName()), service.getName());
        Child.Ended ended = new Child().with(folder).run(subject);
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("all moved");
        return ended;
    }

    /** It is in the report with its cause, fails no transfer, and is made when it can be. */
    @Test
    void aProviderThatCannotBeMadeIsTriedAgain() throws Exception {
        String output = withService(Provider.class, FlakyProvider.class, ProvidersSubject.class)
                .output();
        String first = output.substring(0, output.indexOf("later "));
        String later = output.substring(output.indexOf("later "));
        assertThat(first)
                .contains("could not be instantiated: java.io.UncheckedIOException: flaky", FlakyProvider.CAUSE)
                .contains("1000 bytes by READ_WRITE")
                .doesNotContain("DECLINING");
        assertThat(later)
                .contains(
                        "provider flaky                in use",
                        "1000 bytes by READ_WRITE",
                        "DECLINING declined: as always")
                .doesNotContain("could not be instantiated");
    }

    /** What declines is logged; without a logger it is not, and the transfer goes on. */
    @Test
    void loggersThatCannotBeSetUpFailNoTransfer() throws Exception {
        withService(System.LoggerFinder.class, BrokenLoggers.class, DegradedSubject.class);
        Files.writeString(
                folder.resolve("META-INF/services").resolve(Provider.class.getName()), FlakyProvider.class.getName());
        Child.Ended ended = new Child().with(folder).run(ProvidersSubject.class);
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("DECLINING declined: as always");
    }
}
