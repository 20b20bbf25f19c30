package io.zerocopy.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Sample;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import io.zerocopy.tests.kit.StraceLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * System calls of this machine's kernel, which strace makes fail. One JVM moves its pairs many times. For each case, a
 * strace attaches to the thread that transfers, so that no fault affects the start of the JVM, the collector or the
 * peers.
 *
 * <p>First the test counts which calls each pair makes. Then each of these calls fails with every errno at its first,
 * its second and every third time; a run that samples draws some cases of each call and errno. {@code
 * -Dzerocopy.faults.all=true} adds more calls, each of the first ten times, and every second time.
 */
@ExtendWith(Sample.class)
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class InjectedFaultsTest {
    private static final boolean ALL = Boolean.getBoolean("zerocopy.faults.all");
    private static final Duration LIMIT = Duration.ofMinutes(19);
    private static final List<String> CALLS = List.of(
            "splice", "sendfile", "copy_file_range", "pipe2", "fcntl", "ioctl", "statx", "io_uring_setup", "poll");
    private static final List<String> MORE_CALLS = List.of(
            "read",
            "pread64",
            "preadv2",
            "write",
            "pwrite64",
            "pwritev2",
            "writev",
            "sendmsg",
            "recvmsg",
            "openat",
            "lseek",
            "fallocate",
            "ftruncate",
            "fsync",
            "fadvise64",
            "getsockopt",
            "setsockopt",
            "statfs",
            "fstatfs",
            "io_uring_enter",
            "io_uring_register");

    /** Calls that look for something, or create something, for many transfers. */
    private static final List<String> CALLS_ONCE = List.of("pipe2", "fcntl", "ioctl", "io_uring_setup", "splice");

    /** Their results may exist from an earlier transfer; a warm transfer then makes no such call. */
    private static final List<String> MADE_FOR_MANY = List.of("pipe2", "io_uring_setup");

    private static final List<String> ERRORS =
            List.of("EINVAL", "EIO", "ENOMEM", "EINTR", "EPERM", "ENOSYS"); // the last may switch a mechanism off

    /** Calls that the library repeats without a descriptor if they seem to be filtered. */
    private static final List<String> PROBED = List.of("splice", "sendfile", "copy_file_range", "ioctl");

    /** The times at which a call fails, each with the number of calls that are needed. */
    private static final Map<String, Integer> WHEN = ALL
            ? Map.ofEntries(
                    Map.entry("1", 1),
                    Map.entry("2", 2),
                    Map.entry("3", 3),
                    Map.entry("4", 4),
                    Map.entry("5", 5),
                    Map.entry("6", 6),
                    Map.entry("7", 7),
                    Map.entry("8", 8),
                    Map.entry("9", 9),
                    Map.entry("10", 10),
                    Map.entry("1+", 1),
                    Map.entry("2+", 2),
                    Map.entry("1+2", 1),
                    Map.entry("2+2", 2),
                    Map.entry("3+3", 3))
            : Map.of("1", 1, "2", 2, "3+3", 3);

    @TempDir
    Path directory;

    private final List<String> wrong = new ArrayList<>();
    private Process child;
    private BufferedReader said;
    private List<String> pairs;
    private String thread;

    @BeforeEach
    void start() throws Exception {
        StraceLog.assumeInstalled();
        child = new Child().within(LIMIT).start(InjectedSubject.class);
        said = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
        List<String> before = new ArrayList<>();
        for (String line = said.readLine(); thread == null; line = said.readLine()) {
            assertThat(line).as("%s", before).isNotNull();
            before.add(line);
            if (line.startsWith("pairs ")) {
                pairs = List.of(line.substring(6).split(","));
            } else if (line.startsWith("ready ")) {
                thread = line.substring(6);
                return;
            }
        }
    }

    @AfterEach
    void end() throws Exception {
        if (child != null) {
            child.getOutputStream().close();
            if (!child.waitFor(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                child.destroyForcibly();
            }
        }
    }

    private Path log() {
        return directory.resolve("log");
    }

    /** Lets the child move pairs under a strace; returns what it printed for each. */
    private List<String> told(String order, String... traced) throws Exception {
        List<String> command = new ArrayList<>(List.of("strace", "-p", thread, "-o", log().toString()));
        for (String expression : traced) {
            command.addAll(List.of("-e", expression));
        }
        Process strace = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            BufferedReader attached =
                    new BufferedReader(new InputStreamReader(strace.getInputStream(), StandardCharsets.UTF_8));
            assertThat(attached.readLine()).contains("attached");
            child.getOutputStream().write((order + "\n").getBytes(StandardCharsets.US_ASCII));
            child.getOutputStream().flush();
            List<String> told = new ArrayList<>();
            for (String line = said.readLine(); !"end of round".equals(line); line = said.readLine()) {
                assertThat(line).as("after %s, under %s", told, command).isNotNull();
                told.add(line);
            }
            return told;
        } finally {
            strace.destroy(); // detaches
            strace.waitFor();
        }
    }

    private void judge(String rule, List<String> told) {
        for (String line : told) {
            // if fcntl was refused, the flag may not have been put back
            if (line.contains("WRONG") || (line.contains("FLAGS") && !rule.contains("fcntl"))) {
                wrong.add(rule + ": " + line);
            }
        }
    }

    /** Counts how often a pair makes each call if nothing fails. */
    private Map<String, Integer> census(String order, List<String> calls) throws Exception {
        List<String> told = told(order, "trace=" + String.join(",", calls));
        assertThat(told).singleElement().asString().endsWith(" same");
        Map<String, Integer> counts = new HashMap<>();
        for (String line : Files.readAllLines(log())) {
            if (line.contains("(")) {
                counts.merge(line.substring(0, line.indexOf('(')), 1, Integer::sum);
            }
        }
        return counts;
    }

    /** Returns the calls that strace made fail, from its log. */
    private Set<String> injected() throws IOException {
        return Files.readAllLines(log()).stream()
                .filter(line -> line.contains("(INJECTED)"))
                .map(line -> line.substring(0, line.indexOf('(')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** A call that is made to fail with an errno, at a time, while an order runs. */
    private record Injection(String order, String call, String error, String when) {
        String rule() {
            return call + ":error=" + error + ":when=" + when;
        }

        String kind() {
            return call + " " + error;
        }
    }

    /** Returns every call that an order makes, with every errno, at every time at which there is such a call. */
    private static List<Injection> injections(String order, List<String> calls, Map<String, Integer> census) {
        List<Injection> all = new ArrayList<>();
        for (String call : calls) {
            int made = census.getOrDefault(call, 0);
            for (String error : ERRORS) {
                for (Map.Entry<String, Integer> when : WHEN.entrySet()) {
                    // Such a call is correctly repeated for ever.
                    boolean endless = error.equals("EINTR") && when.getKey().matches("\\d\\+");
                    boolean forGood = PROBED.contains(call)
                            && (error.equals("EPERM") || error.equals("ENOSYS"))
                            && when.getKey().contains("+"); // the repeated call fails, too: the mechanism stays off
                    if (made >= when.getValue() && !endless && !forGood) {
                        all.add(new Injection(order, call, error, when.getKey()));
                    }
                }
            }
        }
        return all;
    }

    /**
     * Makes the calls of all orders fail, or some of each kind of failure, see {@link Sample}; returns which calls each
     * order makes.
     */
    private Map<String, Set<String>> fail(String matrix, List<String> orders, List<String> calls) throws Exception {
        Map<String, Set<String>> made = new HashMap<>();
        List<Injection> all = new ArrayList<>();
        for (String order : orders) {
            Map<String, Integer> census = census(order, calls);
            made.put(order, census.keySet());
            all.addAll(injections(order, calls, census));
        }
        for (Injection one : Sample.of("InjectedFaultsTest." + matrix, all.stream(), Injection::kind)
                .toList()) {
            judge(one.rule(), told(one.order(), "trace=" + one.call(), "inject=" + one.rule()));
            boolean certain = one.when().equals("1")
                    && !one.call().equals("poll") // it depends on the peer which end waits
                    && (one.order().startsWith("cold ") || !MADE_FOR_MANY.contains(one.call()));
            if (certain && injected().isEmpty()) {
                wrong.add(one + " has met no call");
            }
        }
        return made;
    }

    @Test
    void noByteIsLostIfAnyCallFails() throws Exception {
        List<String> calls = new ArrayList<>(CALLS);
        if (ALL) {
            calls.addAll(MORE_CALLS);
        }
        Map<String, Set<String>> made = fail("each", pairs, calls);
        assertThat(wrong).isEmpty();
        assertThat(made.values()).anyMatch(each -> each.contains("poll"));
        assertThat(made.get("file-file")).contains("copy_file_range", "fcntl", "statx");
        assertThat(made.get("file-tcp")).contains("sendfile", "fcntl", "statx");
        for (String pair : List.of("tcp-file", "tcp-tcp", "pipe-file", "pipe-tcp", "unix-unix", "relay", "session")) {
            assertThat(made.get(pair)).as(pair).contains("splice", "fcntl", "statx");
        }
        assertThat(made.get("file-pipe")).contains("splice");
        assertThat(made.get("atomic")).contains("copy_file_range", "statx");
        assertThat(made.get("own")).contains("fcntl", "statx");
        if (Transfers.capabilities().isAvailable(Mechanism.IO_URING)) {
            assertThat(made.get("file-ring")).contains("io_uring_setup");
        }
    }

    /** Each transfer looks for providers, pipes and rings anew. */
    @Test
    void whatIsDoneOnceMayFailToo() throws Exception {
        List<String> orders = List.of("cold file-file", "cold tcp-tcp", "cold pipe-file", "cold file-ring");
        Map<String, Set<String>> made = fail("once", orders, CALLS_ONCE);
        assertThat(wrong).isEmpty();
        assertThat(made.values().stream().flatMap(Set::stream)).contains("pipe2", "ioctl", "fcntl", "splice");
    }

    /** A sandbox that knows none of these calls refuses them; the JDK's own copies are refused with them. */
    @Test
    void ifAllKernelCopiesAreDeniedEverythingStillMoves() throws Exception {
        String kernelCopies = "splice,sendfile,copy_file_range,pipe2,ioctl,io_uring_setup,preadv2,pwritev2";
        for (String error : List.of("EPERM", "ENOSYS")) {
            for (String order : List.of("", "cold")) {
                List<String> told = told(order, "inject=" + kernelCopies + ":error=" + error);
                assertThat(told).as(error).hasSameSizeAs(pairs).allMatch(line -> line.endsWith(" same"));
            }
        }
    }

    /**
     * If calls that even a read needs are denied, too, a transfer may fail but must lose nothing. There is one
     * exception: the library then cannot see that two ends are one file, because it gets neither identities nor locks.
     */
    @Test
    void ifMoreCallsAreDeniedNothingIsLost() throws Exception {
        for (String error : ERRORS) {
            String rule = String.join(",", CALLS) + ":error=" + error + (error.equals("EINTR") ? ":when=1+2" : "");
            List<String> told = told("", "inject=" + rule);
            assertThat(told).as(rule).hasSameSizeAs(pairs);
            told.removeIf(line -> line.startsWith("own "));
            judge(rule, told);
        }
        assertThat(wrong).isEmpty();
    }

    /** Interrupts every second one of the calls that the binding repeats itself, before it has done anything. */
    @Test
    void signalsAreNotNoticed() throws Exception {
        String copies = "splice,sendfile,copy_file_range";
        String others = "read,write,pread64,pwrite64,writev,pwritev,preadv2,pwritev2,sendmsg,recvmsg,lseek,ftruncate,"
                + "fallocate,fsync,sync_file_range,pipe2,fcntl,ioctl,statx,poll,io_uring_setup,io_uring_enter";
        told("", "inject=" + copies + ":error=EINVAL"); // loads the needed classes: the JDK repeats no interrupted read
        TreeSet<String> met = new TreeSet<>();
        for (String when : List.of("1+2", "2+2")) {
            String interrupted = ":error=EINTR:when=" + when;
            List<String> told = new ArrayList<>(told("", "inject=" + copies + "," + others + interrupted));
            met.addAll(injected());
            String refused = "inject=" + copies + ":error=EINVAL"; // so that everything is read and written
            told.addAll(told("", refused, "inject=" + others + interrupted));
            met.addAll(injected());
            assertThat(told).as(when).hasSize(2 * pairs.size()).allMatch(line -> line.endsWith(" same"));
        }
        assertThat(met)
                .contains("splice", "sendfile", "copy_file_range", "lseek", "statx", "fcntl", "poll")
                .contains("pread64", "pwrite64", "preadv2", "pwritev2");
    }
}
