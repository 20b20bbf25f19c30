package io.zerocopy.tests.cli;

import io.zerocopy.ProgressListener;
import java.io.Closeable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on standard error that appears when something takes longer than a second. */
final class Bar implements ProgressListener, Closeable {
    private static final long PATIENCE_NANOS = 1_000_000_000;

    private final String task;
    private final boolean wanted;
    private final long started = System.nanoTime();
    private ProgressBar bar;

    Bar(String task, boolean always) {
        this.task = task;
        this.wanted = always || System.console() != null;
    }

    @Override
    public void onProgress(long transferred, long total) {
        if (bar == null && wanted && System.nanoTime() - started > PATIENCE_NANOS) {
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(total)
                    .setUnit(" MiB", 1 << 20)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(200)
                    .build();
        }
        if (bar != null) {
            bar.stepTo(transferred);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
