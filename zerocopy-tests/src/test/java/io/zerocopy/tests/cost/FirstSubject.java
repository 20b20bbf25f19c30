package io.zerocopy.tests.cost;

import io.zerocopy.Transfers;
import java.nio.file.Files;
import java.nio.file.Path;

/** The first transfer of a process: six bytes from file to file. */
final class FirstSubject {
    private FirstSubject() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Path source = Files.write(folder.resolve("source"), new byte[6]);
        Transfers.copy(source, folder.resolve("target"));
        System.out.println("copied by " + (Files.size(folder.resolve("target")) == 6 ? "one transfer" : "nobody"));
    }
}
