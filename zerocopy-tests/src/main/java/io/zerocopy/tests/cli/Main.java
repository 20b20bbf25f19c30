package io.zerocopy.tests.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** {@code java -jar zerocopy.jar}: copies, explains, reports and shows. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        writeArrows();
        PlainCopy copy = PlainCopy.of(args);
        System.exit(copy != null ? copy.run(args) : Commands.run(args));
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
}
