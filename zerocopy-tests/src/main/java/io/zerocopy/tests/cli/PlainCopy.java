package io.zerocopy.tests.cli;

import io.zerocopy.Transfer;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.cli.terminal.Bar;
import io.zerocopy.tests.cli.terminal.ErrorLine;
import io.zerocopy.tests.cli.terminal.ResultLine;
import io.zerocopy.tests.cli.terminal.StandardError;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * {@code copy SOURCE TARGET} of two paths without an option, as most people use the tool. The parser of the command line is
 * not loaded for it, because that costs as much CPU as the copy and the library together. Whatever this does not take,
 * {@link Commands} does: options, addresses, and what fails before a byte has moved.
 */
final class PlainCopy {
    private final Path source;
    private final Path target;

    private PlainCopy(Path source, Path target) {
        this.source = source;
        this.target = target;
    }

    /** Returns null if these arguments need the parser. */
    static PlainCopy of(String[] args) {
        if (args.length != 3 || !args[0].equals("copy") || !isPlain(args[1]) || !isPlain(args[2])) {
            return null;
        }
        try {
            return new PlainCopy(Path.of(args[1]), Path.of(args[2]));
        } catch (InvalidPathException refused) {
            return null;
        }
    }

    /** Neither an option, nor a file of arguments, nor an address that is no path. */
    private static boolean isPlain(String argument) {
        return !argument.isEmpty()
                && argument.charAt(0) != '-'
                && argument.charAt(0) != '@'
                && argument.indexOf(':') < 0;
    }

    /** Copies, prints how, and returns the exit code. */
    int run(String... args) {
        try {
            System.err.println(ResultLine.of(
                    StandardError.isTerminal() ? shown() : transfer().build().run()));
            return 0;
        } catch (IllegalArgumentException wrongUsage) {
            return Commands.run(args); // refused before a byte has moved; the parser says how it is used
        } catch (IOException | RuntimeException failure) {
            System.err.println("zerocopy: " + ErrorLine.of(failure));
            return 1;
        }
    }

    private Transfer.Builder transfer() {
        return Transfers.from(source).to(target);
    }

    private TransferResult shown() throws IOException {
        try (Bar bar = Bar.ofBytes("copy", true)) {
            return transfer().onProgress(bar).build().run();
        }
    }
}
