package io.zerocopy.tests.kit;

import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends child processes that hang. A test that reads the output of its child does not react to an interrupt, so JUnit's
 * timeout cannot end it. This class ends the child, and the test then reads the end of its output.
 */
public final class Watchdog {
    /** Shorter than JUnit's timeout, and longer than any child needs on a loaded machine. */
    public static final Duration LIMIT = Duration.ofMinutes(15);

    private Watchdog() {}

    /** Ends the process if it still runs after the limit. If it is a JVM, the stacks of its threads are printed. */
    public static Process watch(Process process, Duration limit) {
        CompletableFuture.delayedExecutor(limit.toSeconds(), TimeUnit.SECONDS).execute(() -> {
            if (process.isAlive()) {
                printThreads(process);
                process.destroyForcibly();
            }
        });
        return process;
    }

    private static void printThreads(Process process) {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            Process dump = new ProcessBuilder(jcmd, Long.toString(process.pid()), "Thread.print")
                    .inheritIO()
                    .start();
            dump.waitFor(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (IOException | InterruptedException none) {
            System.out.println("no stacks of process " + process.pid() + ": " + none);
        }
    }
}
