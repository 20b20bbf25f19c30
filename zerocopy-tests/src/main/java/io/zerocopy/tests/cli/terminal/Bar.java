package io.zerocopy.tests.cli.terminal;

import io.zerocopy.ProgressListener;
import java.io.Closeable;
import java.time.Duration;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A progress bar in the last line of standard error. It appears if something takes longer than a second, and disappears
 * at the end. This class draws it instead of the library, which would look for a terminal on standard output and
 * overwrite lines that were printed meanwhile.
 */
public final class Bar implements ProgressListener, Closeable {
    private static final long PATIENCE_NANOS = 1_000_000_000;
    private static final int WIDTH = 78;
    private static final String ERASE = "\r" + " ".repeat(WIDTH) + "\r";

    private final String task;
    private final String unit;
    private final long unitSize;
    private final boolean wanted;
    private final long started = System.nanoTime();
    private ProgressBar bar;
    private String drawn = "";

    private Bar(String task, String unit, long unitSize, Boolean wanted) {
        this.task = task;
        this.unit = unit;
        this.unitSize = unitSize;
        this.wanted = wanted != null ? wanted : StandardError.isTerminal();
    }

    /**
     * Counts bytes.
     *
     * @param wanted whether to show the bar; null to show it if standard error is a terminal
     */
    public static Bar ofBytes(String task, Boolean wanted) {
        return new Bar(task, " MiB", 1 << 20, wanted);
    }

    /**
     * Counts steps.
     *
     * @param wanted whether to show the bar; null to show it if standard error is a terminal
     */
    public static Bar ofSteps(String task, Boolean wanted) {
        return new Bar(task, "", 1, wanted);
    }

    @Override
    public void onProgress(long transferred, long total) {
        long elapsed = System.nanoTime() - started;
        if (bar == null && wanted && elapsed > PATIENCE_NANOS) {
            ProgressBarBuilder builder = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(total)
                    .setUnit(unit, unitSize)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(200)
                    .startsFrom(transferred, Duration.ofNanos(elapsed))
                    .setConsumer(new DelegatingProgressBarConsumer(this::draw, WIDTH));
            bar = builder.build();
        }
        if (bar != null) {
            bar.stepTo(transferred);
        }
    }

    private synchronized void draw(String line) {
        drawn = "\r" + line.stripTrailing();
        System.err.print(drawn);
        System.err.flush();
    }

    /** Prints a line on standard output, above the bar if it is shown. */
    public synchronized void println(String line) {
        String under = drawn;
        if (!under.isEmpty()) {
            System.err.print(ERASE);
            System.err.flush();
        }
        System.out.println(line);
        System.out.flush();
        System.err.print(under);
        System.err.flush();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
            synchronized (this) {
                System.err.print(ERASE);
                System.err.flush();
                drawn = "";
            }
        }
    }
}
