package io.zerocopy.tests.cli;

import io.zerocopy.TransferPlan;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the plan of a transfer and moves nothing. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Prints which mechanisms a copy would try, in order, and why each is in or out; the exit code is 1 if there"
                    + " is none. Moves, opens and creates no file.",
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
            TransferPlan plan = options.transfer(source.source(), target.target(), (transferred, total) -> {})
                    .plan();
            System.out.print(plan);
            return plan.chosen().isPresent() ? 0 : 1;
        }
    }
}
