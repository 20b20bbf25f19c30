package io.zerocopy.tests.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code java -jar zerocopy.jar}: copies, explains, reports and shows. */
@Command(
        name = "zerocopy",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Moves bytes by the cheapest mechanism that the kernel allows.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed, with one line on standard error", "2:wrong usage"},
        subcommands = {
            CopyCommand.class,
            ExplainCommand.class,
            DoctorCommand.class,
            TourCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Main implements Runnable {
    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Print the stack trace of a failure.")
    private boolean verbose;

    @picocli.CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        Main main = new Main();
        CommandLine line = new CommandLine(main);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            PrintWriter err = command.getErr();
            if (main.verbose) {
                failure.printStackTrace(err);
            } else {
                err.println("zerocopy: " + describe(failure));
            }
            err.flush();
            return 1;
        });
        return line.execute(args);
    }

    private static String describe(Exception failure) {
        String message = failure.getMessage();
        String name = failure.getClass().getSimpleName();
        return message == null ? name : (name + ": " + message).replaceAll("\\s*\\R\\s*", " ");
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** From the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"zerocopy " + (version == null ? "from a build directory" : version)};
        }
    }
}
