package io.zerocopy.tests.bench.contestant;

import io.zerocopy.tests.bench.measure.Measurement;
import io.zerocopy.tests.bench.measure.Meter;
import io.zerocopy.tests.bench.measure.Pin;
import io.zerocopy.tests.bench.measure.Trace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A contestant in its own process. One line of input starts a window, and its answer is the cost of the window. Between
 * windows it waits for the next line, so its windows can alternate with those of the others.
 */
final class External implements Contestant {
    private final String name;
    private final Role role;
    private final Process process;
    private final Writer to;
    private final BufferedReader from;

    /**
     * Starts the process.
     *
     * @param name its name
     * @param role its role
     * @param command the command that starts it
     * @param pin the processor on which it runs
     */
    External(String name, Role role, List<String> command, Pin pin) throws IOException {
        this.name = name;
        this.role = role;
        List<String> whole = new ArrayList<>(Trace.prefix(name));
        whole.addAll(pin.prefixed(command));
        ProcessBuilder builder = new ProcessBuilder(whole).redirectError(ProcessBuilder.Redirect.INHERIT);
        if (Meter.MARKED) {
            builder.environment().put("LIMIT_MARK", "yes");
        }
        process = builder.start();
        to = process.outputWriter(StandardCharsets.US_ASCII);
        from = process.inputReader(StandardCharsets.US_ASCII);
        if (!"ready".equals(from.readLine())) {
            close();
            throw new IOException(name + " does not start");
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Role role() {
        return role;
    }

    @Override
    public Measurement run(long size, int repetitions) throws IOException {
        to.write(size + " " + repetitions + "\n");
        to.flush();
        String answer = from.readLine();
        if (answer == null) {
            throw new IOException(name + " has ended");
        }
        String[] words = answer.split(" ");
        return new Measurement(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]), -1);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(2, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
