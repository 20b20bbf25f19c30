package io.zerocopy.tests.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import io.zerocopy.tests.kit.Mount;
import io.zerocopy.tests.kit.StraceLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the system calls of each mechanism with the documented cost, and plans with what was done. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StraceTest {
    /** System calls that can carry bytes of a transfer. */
    private static final Pattern CARRIES = Pattern.compile("(\\w+)\\((.*)\\) += (-?\\d+|0x[0-9a-f]+).*");

    /** A call on a file that the JVM reads classes from; a large class takes several reads. */
    private static final Pattern CLASS_FILE = Pattern.compile("\\d+<[^>]*(\\.class|\\.jar|/lib/modules)>.*");

    private static final List<String> CARRIERS = List.of(
            "sendfile",
            "splice",
            "copy_file_range",
            "read",
            "pread64",
            "preadv2",
            "readv",
            "recvfrom",
            "write",
            "pwrite64",
            "writev",
            "pwritev",
            "pwritev2",
            "sendto",
            "sendmsg",
            "mmap",
            "ioctl");

    private final Map<String, List<String>> calls = new HashMap<>();
    private final Map<String, String[]> told = new HashMap<>();

    @BeforeAll
    void trace(@TempDir Path directory) throws Exception {
        Path log = directory.resolve("strace");
        StraceLog.assumeInstalled();
        try (TestFixture fixture = new TestFixture();
                Mount xfs = Mount.ifPossible(fixture, 400L << 20, "mkfs.xfs", "-q", "-m", "reflink=1")) {
            run(log, xfs == null ? new String[0] : new String[] {xfs.path().toString()});
        }
        read(log);
    }

    private void run(Path log, String[] arguments) throws Exception {
        Child.Ended ended = new Child()
                .under(
                        "strace",
                        "-f",
                        "-y", // prints the names of descriptors
                        "--seccomp-bpf",
                        "-s",
                        "64",
                        "-e",
                        "trace=%desc,%file,%network,mmap",
                        "-o",
                        log.toString())
                .run(StraceSubject.class, arguments);
        assertThat(ended.code()).as(ended.output()).isZero();
        List<String> output = ended.output().lines().toList();
        for (String line : output) {
            String[] words = line.split(" ");
            if (words.length == 4) {
                told.put(words[0], words);
            }
        }
    }

    private void read(Path log) throws Exception {
        String item = null;
        String thread = null;
        for (StraceLog.Line one : StraceLog.read(log)) {
            String line = one.text();
            int mark = line.indexOf(StraceSubject.MARK);
            if (mark >= 0) {
                String[] parts =
                        line.substring(mark + StraceSubject.MARK.length()).split("[/\"]");
                item = parts[1].equals("begin") ? parts[0] : null;
                thread = one.thread();
                calls.putIfAbsent(parts[0], new ArrayList<>());
            } else if (item != null && one.thread().equals(thread)) {
                calls.get(item).add(line);
            }
        }
    }

    private Map<String, Integer> carriers(String item) {
        Map<String, Integer> counts = new HashMap<>();
        assertThat(calls).containsKey(item);
        for (String call : calls.get(item)) {
            Matcher matcher = CARRIES.matcher(call);
            if (matcher.matches() && CARRIERS.contains(matcher.group(1)) && moved(matcher)) {
                counts.merge(matcher.group(1), 1, Integer::sum);
            }
        }
        return counts;
    }

    private static boolean moved(Matcher call) {
        if (CLASS_FILE.matcher(call.group(2)).matches()) {
            return false; // the JVM may load a class if the second run waits and the first did not
        }
        if (call.group(1).equals("mmap")) {
            return call.group(2).contains("MAP_SHARED");
        }
        if (call.group(1).equals("ioctl")) {
            return call.group(2).contains("FICLONE");
        }
        return !call.group(3).startsWith("-") && !call.group(3).equals("0");
    }

    /**
     * The chunk is what one pass of the mechanism moves; the documented cost is the number of calls per pass. A
     * mechanism that does not check whether a file is in memory begins with 1 MiB.
     */
    @ParameterizedTest
    @CsvSource({
        "file-file, COPY_FILE_RANGE, 64",
        "file-file, SENDFILE, 64",
        "file-file, READ_WRITE, 1",
    })
    void systemCallsOf64MiBAreTheDocumentedOnes(String pair, Mechanism mechanism, int chunkMiB) {
        Map<String, Integer> counts = carriers(pair + "-" + mechanism);
        int total = counts.values().stream().mapToInt(Integer::intValue).sum();
        int passes = 64 / chunkMiB;
        assertThat(total)
                .as("%s made %s", mechanism, counts)
                .isEqualTo(passes * mechanism.contextSwitchesPerCall() / 2);
    }

    /** How many bytes they move depends on how fast they were: 1, 2, 4, ... MiB, and less on a slow disk. */
    @ParameterizedTest
    @CsvSource({"file-file, TRANSFER_TO", "file-file, MMAP_WRITE", "memory-file, GATHER_WRITE"})
    void othersBeginWithLittle(String pair, Mechanism mechanism) {
        Map<String, Integer> counts = carriers(pair + "-" + mechanism);
        int total = counts.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(total).as("%s made %s", mechanism, counts).isBetween(7, 64 << 4);
    }

    /** Newer JDKs make one call of their own. JDK 17 does not map, but reads and writes 8 KiB at a time. */
    @Test
    void transferFromCostsNoMoreThanTheDocumentedCalls() {
        Map<String, Integer> counts = carriers("file-file-TRANSFER_FROM");
        if (Runtime.version().feature() >= 21) {
            assertThat(counts).containsOnlyKeys("copy_file_range");
        } else {
            assertThat(counts).containsOnlyKeys("pread64", "pwrite64").containsEntry("pwrite64", (64 << 20) / 8192);
            assertThat(counts.get("pread64")).isLessThanOrEqualTo((64 << 20) / (256 << 10));
        }
    }

    @Test
    void sharedExtentsCostOneCall() {
        Assumptions.assumeTrue(
                calls.containsKey("file-file-REFLINK"), "no file system to share extents on: needs root");
        assertThat(carriers("file-file-REFLINK"))
                .containsExactly(Map.entry("ioctl", Mechanism.REFLINK.contextSwitchesPerCall() / 2));
    }

    @Test
    void spliceCostsOneCallAHopAndMiB() {
        Map<String, Integer> counts = carriers("file-file-SPLICE");
        assertThat(counts).containsOnlyKeys("splice");
        int hops = 2;
        assertThat(counts.get("splice")).isEqualTo(hops * 64 * Mechanism.SPLICE.contextSwitchesPerCall() / 2);
    }

    @ParameterizedTest
    @CsvSource({
        "file-file-COPY_FILE_RANGE, copy_file_range",
        "file-file-SENDFILE, sendfile",
        "file-file-SPLICE, splice",
        "file-tcp-auto, sendfile",
        "tcp-tcp-auto, splice",
        "tcp-file-auto, splice",
        "small-file-tcp-auto, sendfile"
    })
    void whatThePlanChoseIsWhatTheKernelSaw(String item, String call) {
        String[] words = told.get(item);
        assertThat(words[2]).as("result against plan").isEqualTo(words[1]);
        assertThat(carriers(item)).containsOnlyKeys(call);
        assertThat(call.replace("_", "")).isEqualToIgnoringCase(words[1].replace("_", ""));
    }

    /** The header is sent with "more follows", and the body's last bytes do not wait for anything. */
    @Test
    void aHeaderSharesItsPacketWithTheBody() {
        List<String> sent = sent("header-file-tcp-auto");
        assertThat(sent)
                .element(0)
                .asString()
                .contains("sendmsg")
                .contains("iov_len=100")
                .contains("MSG_MORE");
        assertThat(sent.subList(1, sent.size())).isNotEmpty().allMatch(call -> call.startsWith("sendfile"));
    }

    /** sendfile has no flag for "more follows", so the socket is corked before it, and uncorked at the end. */
    @Test
    void aTrailerSharesItsPacketWithTheBody() {
        List<String> sent = sent("header-file-trailer-tcp-auto");
        assertThat(sent).element(0).asString().contains("sendmsg").contains("MSG_MORE");
        assertThat(sent).element(1).asString().contains("TCP_CORK, [1]");
        assertThat(sent.subList(2, sent.size() - 2)).isNotEmpty().allMatch(call -> call.startsWith("sendfile"));
        assertThat(sent.get(sent.size() - 2)).matches("p?writev?2?.*");
        assertThat(sent).last().asString().contains("TCP_CORK, [0]");
    }

    private List<String> sent(String item) {
        return calls.get(item).stream()
                .filter(call -> call.matches("(sendmsg|sendfile|p?writev?2?|setsockopt)\\(.*"))
                .filter(call -> !call.contains("EAGAIN"))
                .toList();
    }

    /**
     * A C loop makes one sendfile. This library also sets the non-blocking flag before it and clears it after it. If
     * there are virtual threads, the library first checks the flag, because the JDK itself may have set it for good.
     */
    @Test
    void aSmallSendMakesNoMoreThanTwoCallsBesideTheOneThatCarries() {
        int look = Runtime.version().feature() >= 21 ? 1 : 0;
        assertThat(calls.get("small-file-tcp-auto")).hasSizeLessThanOrEqualTo(3 + look);
    }
}
