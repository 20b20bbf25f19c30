package io.zerocopy.tests.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes every window as a line, for your own calculations. */
final class Csv {
    private Csv() {}

    static void write(Path file, List<Standing> standings) throws IOException {
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
            out.println("course,size,contestant,role,window,bytes,cpu_ns,wall_ns,allocated,calls_per_transfer");
            for (Standing standing : standings) {
                for (int i = 0; i < standing.samples().size(); i++) {
                    Sample sample = standing.samples().get(i);
                    out.printf(
                            Locale.ROOT,
                            "%s,%d,%s,%s,%d,%d,%d,%d,%d,%.2f%n",
                            standing.course(),
                            standing.size(),
                            standing.name(),
                            standing.role(),
                            i,
                            sample.bytes(),
                            sample.cpuNanos(),
                            sample.wallNanos(),
                            sample.allocated(),
                            standing.calls());
                }
            }
            if (out.checkError()) {
                throw new IOException("cannot write " + file);
            }
        }
    }
}
