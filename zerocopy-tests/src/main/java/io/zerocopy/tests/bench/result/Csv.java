package io.zerocopy.tests.bench.result;

import io.zerocopy.tests.bench.measure.Measurement;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes every window as a line, for your own calculations. */
public final class Csv {
    private Csv() {}

    public static void write(Path file, List<CaseResult> standings) throws IOException {
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
            out.println("course,size,contestant,role,window,bytes,cpu_ns,wall_ns,allocated,calls_per_transfer");
            for (CaseResult result : standings) {
                for (int i = 0; i < result.samples().size(); i++) {
                    Measurement sample = result.samples().get(i);
                    out.printf(
                            Locale.ROOT,
                            "%s,%d,%s,%s,%d,%d,%d,%d,%d,%.2f%n",
                            result.pair(),
                            result.size(),
                            result.name(),
                            result.role(),
                            i,
                            sample.bytes(),
                            sample.cpuNanos(),
                            sample.wallNanos(),
                            sample.allocated(),
                            result.calls());
                }
            }
            if (out.checkError()) {
                throw new IOException("cannot write " + file);
            }
        }
    }
}
