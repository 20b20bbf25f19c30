package io.zerocopy.tests.cli;

import io.zerocopy.tests.cli.terminal.ErrorLine;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

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
            ServeCommand.class,
            ProxyCommand.class,
            BenchCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Main implements Runnable {
    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Print the stack trace of a failure.")
    private boolean verbose;

    @picocli.CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] args) {
        writeArrows();
        System.exit(run(args));
    }

    /**
     * Sets the output to UTF-8, because plans and tables contain arrows. A container often has a locale without them,
     * on a terminal that shows UTF-8.
     */
    private static void writeArrows() {
        Charset charset = Charset.forName(System.getProperty("native.encoding", "UTF-8"));
        if (!charset.newEncoder().canEncode('→')) {
            System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        }
    }

    static int run(String... args) {
        Main main = new Main();
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
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"zerocopy " + (version == null ? "from a build directory" : version)};
        }
    }
}
