package io.zerocopy.tests.contract;

import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import java.io.IOException;
import java.nio.file.Path;

/** Runs in its own process, where {@link HeapProvider} is a service. Copies a file; prints plan, result and report. */
final class HeapSubject {
    private HeapSubject() {}

    public static void main(String[] args) throws IOException {
        Transfer.Builder copy = Transfers.from(Path.of(args[0])).to(Path.of(args[1]));
        System.out.println(copy.build().plan());
        System.out.println("usual: " + copy.build().run());
        Transfer named = copy.use("heap-read-write", Preference.REQUIRE).build();
        System.out.println("named: " + named.run());
        System.out.println("first: " + named.plan().candidates().get(0));
        System.out.println(Transfers.capabilities());
        System.setProperty("zerocopy.disable", "heap_read_write");
        System.out.println("off: " + Transfers.capabilities().unavailableBecause("HEAP_READ_WRITE"));
        try {
            named.run();
        } catch (IOException refused) {
            System.out.println("refused: " + refused.getMessage());
        }
    }
}
