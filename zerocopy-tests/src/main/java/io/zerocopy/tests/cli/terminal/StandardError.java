package io.zerocopy.tests.cli.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the bar and the results are printed. Apart from {@link Bar}, which is loaded if this is a terminal. */
public final class StandardError {
    private StandardError() {}

    /**
     * Checks descriptor 2 on Linux. A console would mean standard input and output, which a copy may have redirected.
     */
    public static boolean isTerminal() {
        try {
            String name = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
        } catch (IOException notLinux) {
            return System.console() != null;
        }
    }
}
