package io.zerocopy.tests.attack;

import io.zerocopy.Transfers;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/**
 * The superuser's process: it copies files from or into another user's folder, and waits for that user after each copy.
 */
final class AttackSubject {
    private static final CopyOption[][] OPTIONS = {
        {},
        {StandardCopyOption.COPY_ATTRIBUTES},
        {StandardCopyOption.ATOMIC_MOVE},
        {StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.ATOMIC_MOVE},
    };

    /** The number of rounds after which every kind, moment and choice of options has occurred once. */
    static final int CASES = 24 * OPTIONS.length;

    private AttackSubject() {}

    /** Arguments: the way to copy, the number of rounds, the attacker's folder, the other folder. */
    public static void main(String[] args) throws Exception {
        int rounds = Integer.parseInt(args[1]);
        Path his = Path.of(args[2]);
        Path ours = Path.of(args[3]);
        int done = 0;
        for (int i = 0; i < rounds; i++) {
            CopyOption[] options = OPTIONS[i / 24 % OPTIONS.length];
            try {
                switch (args[0]) {
                    case "into" -> Transfers.copy(ours.resolve("source"), his.resolve("target-" + i), options);
                    case "from" -> Transfers.copy(his.resolve("source-" + i), ours.resolve("target-" + i), options);
                    default -> Files.copy(ours.resolve("source"), his.resolve("target-" + i), known(options));
                }
                done++;
            } catch (IOException refused) {
                // any outcome is allowed; the test checks the files afterwards
            }
            agree(his, i);
        }
        System.out.println("done " + done);
    }

    private static CopyOption[] known(CopyOption... options) {
        boolean attributes = options.length > 0 && options[0] == StandardCopyOption.COPY_ATTRIBUTES;
        return attributes ? new CopyOption[] {StandardCopyOption.COPY_ATTRIBUTES} : new CopyOption[0];
    }

    /** Lets the attacker see everything that has happened before the next round. */
    private static void agree(Path his, int round) throws IOException {
        Files.createFile(his.resolve("sync-" + round));
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        while (!Files.exists(his.resolve("ack-" + round))) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the attacker does not answer");
            }
            Thread.onSpinWait();
        }
    }
}
