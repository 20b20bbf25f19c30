package io.zerocopy.tests.kit;

import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A command of the machine, for example another program's client; tests are skipped if it is missing. */
public record Command(String name) {
    /** Its exit code, and what it printed on both streams. */
    public record Ended(int code, String output) {}

    public static Command orSkip(String name, String version) {
        try {
            Process probe =
                    new ProcessBuilder(name, version).redirectErrorStream(true).start();
            probe.getOutputStream().close();
            probe.getInputStream().readAllBytes();
        } catch (IOException absent) {
            Assumptions.abort(name + " is not installed");
        }
        return new Command(name);
    }

    public Ended run(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(name));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        Watchdog.watch(process, Watchdog.LIMIT);
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes());
            if (!process.waitFor(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(name + " does not end: " + output);
            }
            return new Ended(process.exitValue(), output);
        } finally {
            process.destroyForcibly();
        }
    }
}
