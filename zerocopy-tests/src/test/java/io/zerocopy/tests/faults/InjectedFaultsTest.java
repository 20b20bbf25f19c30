package io.zerocopy.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Transfers;
import io.zerocopy.tests.contract.Rig;
import io.zerocopy.tests.kit.Child;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kernel of this machine, made to fail by strace: one JVM moves its pairs again and again, and for each case a
 * strace attaches to the thread that transfers, so that neither start nor collector nor peers meet what was injected.
 *
 * <p>The build runs every call with every errno at the first, the second and every third call; {@code
 * -Dzerocopy.faults.all=true} at each of the first ten besides, and at every second.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class InjectedFaultsTest {
    private static final boolean ALL = Boolean.getBoolean("zerocopy.faults.all");
    private static final List<String> CALLS = List.of(
            "splice", "sendfile", "copy_file_range", "pipe2", "fcntl", "ioctl", "statx", "io_uring_setup", "poll");
    private static final int PAIRS = 7;
    private static final List<String> ERRORS = List.of("ENOSYS", "EPERM", "EINVAL", "EIO", "ENOMEM", "EINTR");
    private static final List<String> WHEN = ALL
            ? List.of("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "1+", "2+", "1+2", "2+2", "3+3")
            : List.of("1", "2", "3+3");

    @TempDir
    Path directory;

    private Process child;
    private BufferedReader said;
    private String thread;
    private int logs;

    @BeforeEach
    void start() throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "strace is not installed");
        child = new Child().start(InjectedSubject.class);
        said = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
        String line = said.readLine();
        List<String> before = new ArrayList<>();
        while (line != null && !line.startsWith("ready ")) {
            before.add(line);
            line = said.readLine();
        }
        assertThat(line).as("%s", before).isNotNull();
        thread = line.substring("ready ".length());
    }

    @AfterEach
    void end() throws Exception {
        if (child != null) {
            child.getOutputStream().close();
            if (!child.waitFor(Rig.DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                child.destroyForcibly();
            }
        }
    }

    /** One round of all pairs under a strace; what the child said of each. */
    private List<String> round(String... inject) throws Exception {
        return round(false, inject);
    }

    /** The same; a cold one finds providers, pipes and rings anew for each pair. */
    private List<String> round(boolean cold, String... inject) throws Exception {
        Path log = directory.resolve("log" + logs++);
        List<String> command = new ArrayList<>(List.of("strace", "-p", thread, "-o", log.toString()));
        for (String rule : inject) {
            command.addAll(List.of("-e", "inject=" + rule));
        }
        Process strace = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            BufferedReader attached =
                    new BufferedReader(new InputStreamReader(strace.getInputStream(), StandardCharsets.UTF_8));
            assertThat(attached.readLine()).contains("attached");
            child.getOutputStream().write(cold ? "cold\n".getBytes(StandardCharsets.US_ASCII) : new byte[] {'\n'});
            child.getOutputStream().flush();
            List<String> told = new ArrayList<>();
            for (String line = said.readLine(); !"end of round".equals(line); line = said.readLine()) {
                assertThat(line).as("after %s", told).isNotNull();
                told.add(line);
            }
            return told;
        } finally {
            strace.destroy(); // detaches
            strace.waitFor();
        }
    }

    private static void judge(List<String> wrong, String rule, List<String> told) {
        for (String line : told) {
            if (line.contains("WRONG")) {
                wrong.add(rule + ": " + line);
            }
        }
        if (told.size() != PAIRS) {
            wrong.add(rule + ": only " + told);
        }
    }

    @Test
    void whateverCallFailsNoByteIsLost() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (String call : CALLS) {
            for (String error : ERRORS) {
                for (String when : WHEN) {
                    boolean endless = error.equals("EINTR") && when.endsWith("+"); // made again for ever, rightly
                    if (!endless) {
                        String rule = call + ":error=" + error + ":when=" + when;
                        judge(wrong, rule, round(rule));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(injected()).containsKeys("splice", "sendfile", "copy_file_range", "statx", "fcntl", "poll");
    }

    /** What is looked for, or made, once for many transfers. */
    @Test
    void whatIsDoneOnceMayFailToo() throws Exception {
        round(true);
        List<String> wrong = new ArrayList<>();
        for (String call : List.of("pipe2", "ioctl", "io_uring_setup", "fcntl", "splice")) {
            for (String error : ERRORS) {
                for (String when : WHEN) {
                    boolean endless = error.equals("EINTR") && when.endsWith("+");
                    if (!endless) {
                        String rule = call + ":error=" + error + ":when=" + when;
                        judge(wrong, "cold " + rule, round(true, rule));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(injected()).containsKeys("pipe2", "ioctl", "fcntl", "splice");
        if (Transfers.capabilities().isAvailable(Mechanism.IO_URING)) {
            assertThat(injected()).containsKey("io_uring_setup");
        }
    }

    /** How often each call was made to fail, as strace has written down. */
    private Map<String, Integer> injected() throws IOException {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < logs; i++) {
            for (String line : Files.readAllLines(directory.resolve("log" + i))) {
                if (line.contains("(INJECTED)")) {
                    counts.merge(line.substring(0, line.indexOf('(')), 1, Integer::sum);
                }
            }
        }
        return counts;
    }

    /** What a sandbox does that was made without any of these in mind: the JDK's own copies are refused with them. */
    @Test
    void whereAllOfThemAreDeniedEverythingMovesAllTheSame() throws Exception {
        String kernelCopies = "splice,sendfile,copy_file_range,pipe2,ioctl,io_uring_setup";
        for (String error : List.of("EPERM", "ENOSYS")) {
            List<String> told = round(kernelCopies + ":error=" + error);
            assertThat(told).as(error).hasSize(PAIRS).allMatch(line -> line.endsWith(" same"));
        }
    }

    /** With those denied besides that even a read needs, it may fail, but not lose. */
    @Test
    void whereEvenMoreIsDeniedNothingIsLost() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (String error : ERRORS) {
            String rule = String.join(",", CALLS) + ":error=" + error + (error.equals("EINTR") ? ":when=1+2" : "");
            judge(wrong, rule, round(rule));
        }
        assertThat(wrong).isEmpty();
    }

    /** Of all calls that the binding makes again by itself, each second one is interrupted before it has done anything. */
    @Test
    void signalsAreNotNoticed() throws Exception {
        String copies = "splice,sendfile,copy_file_range";
        String others = "read,write,pread64,pwrite64,writev,pwritev,preadv2,pwritev2,sendmsg,recvmsg,lseek,ftruncate,"
                + "fallocate,fsync,sync_file_range,pipe2,fcntl,ioctl,statx,poll,io_uring_setup,io_uring_enter";
        round(copies + ":error=EINVAL"); // loads every class that this needs: the JDK does not read again
        for (String when : List.of("1+2", "2+2")) {
            String interrupted = ":error=EINTR:when=" + when;
            List<String> told = new ArrayList<>(round(copies + "," + others + interrupted));
            told.addAll(round(copies + ":error=EINVAL", others + interrupted)); // so that all is read and written
            assertThat(told).as(when).hasSize(2 * PAIRS).allMatch(line -> line.endsWith(" same"));
        }
        assertThat(injected())
                .containsKeys("splice", "sendfile", "copy_file_range", "lseek", "statx", "fcntl", "poll")
                .containsKeys("pread64", "pwrite64", "preadv2", "pwritev2");
    }
}
