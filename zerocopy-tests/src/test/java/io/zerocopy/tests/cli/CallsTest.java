package io.zerocopy.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.tests.kit.Child;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.Main;

/** The benchmarks of single calls run from the tool's jar; the test does not look at their results. */
@Tag("thorough")
class CallsTest {
    @ParameterizedTest
    @ValueSource(strings = {"copyPage", "sessionOfAPage", "plan", "jdkTransferPage"})
    void runs(String name) throws Exception {
        List<String> arguments = List.of("Calls." + name + "$", "-f", "0", "-wi", "0", "-i", "1", "-r", "50ms");
        Child.Ended ended = new Child().run(Main.class, arguments.toArray(String[]::new));
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).containsPattern("Calls." + name + " +avgt +[0-9.]+ +ns/op");
    }
}
