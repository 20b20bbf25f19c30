package io.zerocopy.tests.cli;

import io.zerocopy.tests.cli.terminal.ErrorLine;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line as picocli parses it: all commands, and what is printed where one fails. */
@Command(
        name = "zerocopy",
        mixinStandardHelpOptions = true,
        versionProvider = Commands.Version.class,
        description = "Moves bytes by the cheapest mechanism that the kernel allows.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed, with one line on standard error", "2:wrong usage"},
        subcommands = {
            CopyCommand.class,
            ExplainCommand.class,
            DoctorCommand.class,
            TourCommand.class,
            ServeCommand.class,
            ProxyCommand.class,
            BenchCommand.class,
            CommandLine.HelpCommand.class
        })
final class Commands implements Runnable {
    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Print the stack trace of a failure.")
    private boolean verbose;

    @picocli.CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private Commands() {}

    static int run(String... args) {
        Commands main = new Commands();
        CommandLine line = new CommandLine(main);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            PrintWriter err = command.getErr();
            if (main.verbose) {
                failure.printStackTrace(err);
            } else {
                err.println("zerocopy: " + ErrorLine.of(failure));
            }
            err.flush();
            return 1;
        });
        line.setParameterExceptionHandler((wrong, parsed) -> {
            String name = wrong.getCommandLine().getCommandSpec().qualifiedName();
            PrintWriter err = wrong.getCommandLine().getErr();
            err.println("zerocopy: " + wrong.getMessage());
            UnmatchedArgumentException.printSuggestions(wrong, err);
            err.println("Try '" + name + " --help'.");
            err.flush();
            return wrong.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
        });
        return line.execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** From the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Commands.class.getPackage().getImplementationVersion();
            return new String[] {"zerocopy " + (version == null ? "from a build directory" : version)};
        }
    }
}
