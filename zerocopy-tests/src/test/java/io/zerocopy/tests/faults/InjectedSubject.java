package io.zerocopy.tests.faults;

import io.zerocopy.TransferException;
import io.zerocopy.tests.fixture.StatusFlags;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Runs in its own process; a test makes its system calls fail. For every line that it reads it moves the named pair, or
 * every pair, and prints the outcome of each. Only the thread that transfers meets the failures: its number is printed
 * first, and it does nothing else.
 */
final class InjectedSubject {
    /** The ends of all pipes that the library's pool keeps, and of the pipes in use. */
    private static final int MOST_PIPE_ENDS = 2 * (64 + 2);

    private InjectedSubject() {}

    /**
     * The outcome of a pair.
     *
     * @param expected all bytes that should arrive
     * @param arrived the bytes that arrived
     * @param failure the failure of the transfer, or null
     * @param left the bytes that the source still has; null if it can be read again
     * @param remark anything else, with "WRONG" if it is a fault
     */
    record Outcome(byte[] expected, byte[] arrived, IOException failure, byte[] left, String remark) {
        private String verdict() {
            int size = expected.length;
            int count = arrived.length;
            if (count > size || !Arrays.equals(arrived, 0, count, expected, 0, count)) {
                return "WRONG bytes, " + count + " of " + size + ", " + failure;
            }
            if (failure == null) {
                return count == size ? "same" : "WRONG: done with " + count;
            }
            if (!(failure instanceof TransferException e)) {
                boolean untouched = count == 0 && (left == null || left.length == size);
                return (untouched ? "refused " : "WRONG kind, arrived " + count + " ") + failure;
            }
            byte[] rest = new byte[e.remainder().remaining()];
            e.remainder().duplicate().get(rest);
            int behind = count + rest.length;
            if (e.transferred() != count) {
                return "WRONG count " + e.transferred() + ", arrived " + count + " " + e;
            }
            if (left != null && behind + left.length != size) {
                return "WRONG lost: arrived " + count + ", handed back " + rest.length + ", still there " + left.length
                        + " " + e;
            }
            boolean good = Arrays.equals(rest, 0, rest.length, expected, count, behind)
                    && (left == null || Arrays.equals(left, 0, left.length, expected, behind, size));
            return good ? "failed " + e.getMessage() : "WRONG remainder " + e;
        }
    }

    /** Loads all classes before anything fails: the JVM does not repeat an interrupted read of a class file. */
    private static void loadClasses() throws IOException {
        TimeUnit.NANOSECONDS.convert(1, TimeUnit.MILLISECONDS); // a selector with a timeout calls this
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.matches(".*zerocopy-(api|nio|native)-[^/]*\\.jar")) {
                try (JarFile jar = new JarFile(entry)) {
                    jar.stream().map(JarEntry::getName).forEach(InjectedSubject::load);
                }
            } else if (entry.matches(".*zerocopy-(api|nio|native)/.*")) {
                Path root = Path.of(entry);
                try (Stream<Path> files = Files.walk(root)) {
                    files.forEach(file -> load(root.relativize(file).toString()));
                }
            }
        }
    }

    private static void load(String file) {
        if (!file.endsWith(".class") || file.startsWith("META-INF") || file.endsWith("module-info.class")) {
            return;
        }
        try {
            Class.forName(file.replace(".class", "").replace('/', '.'));
        } catch (ClassNotFoundException | LinkageError optional) {
            // a class of a library that is absent
        }
    }

    public static void main(String[] args) throws Exception {
        loadClasses();
        InjectedMover mover = new InjectedMover();
        InjectedPairs pairs = new InjectedPairs(mover);
        for (Map.Entry<String, InjectedPairs.Visit> each : pairs.all().entrySet()) {
            System.out.println(visit(mover, each.getKey(), each.getValue())); // loads every class
        }
        System.out.println("pairs " + String.join(",", pairs.all().keySet()));
        System.out.println("ready " + mover.threadNumber());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            mover.cold(line.startsWith("cold"));
            String named = line.replace("cold", "").strip();
            for (Map.Entry<String, InjectedPairs.Visit> each : pairs.all().entrySet()) {
                if (named.isEmpty() || named.equals(each.getKey())) {
                    System.out.println(visit(mover, each.getKey(), each.getValue()));
                }
            }
            System.out.println("end of round");
        }
        mover.end();
    }

    private static String visit(InjectedMover mover, String name, InjectedPairs.Visit visit) {
        String told;
        try (TestFixture fixture = new TestFixture()) { // checks for open descriptors
            Outcome outcome = visit.go(fixture);
            told = name + " " + outcome.verdict() + outcome.remark();
            if (!mover.isCold() && pipeEnds() > MOST_PIPE_ENDS + 2 * InjectedPairs.PIPES) {
                told += " WRONG pipes";
            }
        } catch (Exception | Error e) {
            told = name + " WRONG " + e + " " + Arrays.asList(e.getStackTrace());
        }
        return told.replace('\n', ' ');
    }

    private static long pipeEnds() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(InjectedSubject::isPipe).count();
        }
    }

    private static boolean isPipe(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
        } catch (IOException gone) {
            return false;
        }
    }

    /** Returns the flags of descriptors that a transfer has changed; empty if there are none. */
    static String flags(StatusFlags before) throws IOException {
        try {
            before.areUnchanged();
            return "";
        } catch (AssertionError changed) {
            return " FLAGS " + changed.getMessage();
        }
    }
}
