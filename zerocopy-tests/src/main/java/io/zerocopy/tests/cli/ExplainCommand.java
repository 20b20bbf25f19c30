package io.zerocopy.tests.cli;

import io.zerocopy.TransferPlan;
import io.zerocopy.Transfers;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the plan of a transfer and moves nothing. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Prints which mechanisms a copy would try, in order, and why each is in or out; the exit code is 1 if there"
                    + " is none. Moves nothing, and opens neither end that is a path; whether the file system of a new"
                    + " file clones is tried with two small files that are removed again.",
            "An address to connect to is connected to, and hung up again; in the place of one to listen on stands a"
                    + " connection of this process with itself that is made for the purpose."
        })
final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private TransferOptions options;

    @Override
    public Integer call() throws Exception {
        options.check();
        try (Endpoint source = new Endpoint(options.source);
                Endpoint target = new Endpoint(options.target)) {
            source.connectForPlan();
            target.connectForPlan();
            probe(target.target());
            TransferPlan plan = options.transfer(source.source(), target.target(), (transferred, total) -> {})
                    .plan();
            System.out.print(plan);
            return plan.chosen().isPresent() ? 0 : 1;
        }
    }

    /** So that the plan knows what {@code doctor} would find. */
    private static void probe(Object target) {
        Path folder = target instanceof Path path ? path.toAbsolutePath().getParent() : null;
        if (folder != null
                && folder.getFileSystem() == FileSystems.getDefault()
                && isFileOrNew((Path) target, folder)) {
            Transfers.capabilities().probe(folder);
        }
    }

    private static boolean isFileOrNew(Path path, Path folder) {
        return Files.isRegularFile(path) || (Files.notExists(path) && Files.isDirectory(folder));
    }
}
