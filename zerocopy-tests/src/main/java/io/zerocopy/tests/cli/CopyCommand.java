package io.zerocopy.tests.cli;

import io.zerocopy.TransferResult;
import io.zerocopy.tests.cli.terminal.Bar;
import io.zerocopy.tests.cli.terminal.ResultLine;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Moves bytes from SOURCE to TARGET and reports how. */
@Command(
        name = "copy",
        mixinStandardHelpOptions = true,
        description = {
            "Moves bytes from SOURCE to TARGET, to the end of the source, and says on standard error how.",
            "The output of a socket is shut down at the end; nothing is waited for."
        })
final class CopyCommand implements Callable<Integer> {
    @Mixin
    private TransferOptions options;

    @Option(
            names = "--progress",
            negatable = true,
            description =
                    "Show a bar after a second even if standard error is not a terminal, or do not even if it is.")
    private Boolean progress;

    @Override
    public Integer call() throws Exception {
        System.err.println(ResultLine.of(move()));
        return 0;
    }

    private TransferResult move() throws IOException {
        options.check();
        try (Endpoint source = new Endpoint(options.source);
                Endpoint target = new Endpoint(options.target)) {
            source.listen();
            target.listen();
            source.connect();
            target.connect();
            TransferResult result;
            try (Bar bar = Bar.ofBytes("copy", progress)) {
                result = options.transfer(source.source(), target.target(), bar).run();
            }
            target.endOutput();
            return result;
        }
    }
}
