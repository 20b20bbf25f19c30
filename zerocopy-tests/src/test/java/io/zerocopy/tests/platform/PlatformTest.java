package io.zerocopy.tests.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.tests.kit.Child;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a system that the native part does not support, it is asked once, gives the reason, and is not used further. */
@Tag("thorough")
class PlatformTest {
    private static final Pattern INITIALISED =
            Pattern.compile("(?m)Initializing '((?:io/zerocopy/linux|com/sun/jna)/[^']+)'");

    private static void staysOut(Child child, String reason) throws Exception {
        Child.Ended ended = child.option("-Xlog:class+init=info").run(DegradedSubject.class);
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("all moved", reason);
        List<String> initialised = INITIALISED
                .matcher(ended.output())
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
        assertThat(initialised)
                .containsExactlyInAnyOrder("io/zerocopy/linux/LinuxProvider", "io/zerocopy/linux/sys/Abi");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mac OS X", "Windows Server 2022", "FreeBSD"})
    void otherSystems(String name) throws Exception {
        // Without jdk.net: the JDK would look there for socket options of the system that os.name names.
        Child child = new Child().option("--limit-modules=java.se,jdk.jfr,jdk.unsupported");
        staysOut(child.option("-Dos.name=" + name), "the native part is for Linux, this is " + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"i386", "arm"})
    void jvmsOf32Bits(String processor) throws Exception {
        Child child = new Child().option("-Dos.arch=" + processor).option("-Dsun.arch.data.model=32");
        staysOut(child, "the native part is for 64-bit JVMs, this is a 32-bit one on " + processor);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s390x", "ppc64le", "aarch64_be"})
    void otherProcessors(String processor) throws Exception {
        Child child = new Child().option("-Dos.arch=" + processor);
        staysOut(child, "the native part is not built for the processor " + processor);
    }

    @Test
    void hereTheNativePartIsInitialised() throws Exception {
        Child.Ended ended = new Child().option("-Xlog:class+init=info").run(DegradedSubject.class);
        Matcher initialised = INITIALISED.matcher(ended.output());
        assertThat(initialised.results().map(found -> found.group(1)))
                .contains("io/zerocopy/linux/sys/bind/JnaSyscalls");
    }

    /** Uses nothing of the native part: none of its classes is on the class path. */
    @Test
    void theNioModuleAloneKnowsNoSystem() throws Exception {
        Child child = new Child()
                .without(entry -> entry.contains("jna") || entry.contains("zerocopy-native"))
                .option("-Dos.name=Plan 9")
                .option("-Xlog:class+init=info");
        Child.Ended ended = child.run(DegradedSubject.class);
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(INITIALISED.matcher(ended.output()).find()).isFalse();
    }
}
