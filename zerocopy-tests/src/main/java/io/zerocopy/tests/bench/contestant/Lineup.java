package io.zerocopy.tests.bench.contestant;

import static io.zerocopy.Mechanism.COPY_FILE_RANGE;
import static io.zerocopy.Mechanism.DIRECT_IO;
import static io.zerocopy.Mechanism.GATHER_WRITE;
import static io.zerocopy.Mechanism.MMAP_WRITE;
import static io.zerocopy.Mechanism.MSG_ZEROCOPY;
import static io.zerocopy.Mechanism.READ_WRITE;
import static io.zerocopy.Mechanism.REFLINK;
import static io.zerocopy.Mechanism.SENDFILE;
import static io.zerocopy.Mechanism.SPLICE;
import static io.zerocopy.Mechanism.TRANSFER_FROM;
import static io.zerocopy.Mechanism.TRANSFER_TO;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.tests.bench.contestant.Contestant.Role;
import io.zerocopy.tests.bench.contestant.JdkWays.Way;
import io.zerocopy.tests.bench.measure.Pin;
import io.zerocopy.tests.bench.measure.Toolchain;
import io.zerocopy.tests.bench.pair.BenchmarkCase;
import io.zerocopy.tests.bench.pair.BenchmarkCase.End;
import io.zerocopy.tests.bench.pair.BenchmarkEndpoints;
import io.zerocopy.tests.bench.pair.Lanes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Decides which contestants take part in which case. */
public final class Lineup {
    private static final long LITTLE = 64 << 10;

    /** Smallest size for fio, whose start alone takes a third of a second. */
    private static final long WORTH_FIO = 1 << 30;

    /** Mechanisms by case, if there is a choice. */
    private static final Map<String, List<Mechanism>> NAMED = Map.of(
            "file-tcp", List.of(SENDFILE, TRANSFER_TO, MMAP_WRITE, SPLICE, READ_WRITE),
            "tcp-tcp", List.of(SPLICE, READ_WRITE),
            "tcp-file", List.of(SPLICE, TRANSFER_FROM, READ_WRITE),
            "file-file",
                    List.of(
                            REFLINK,
                            COPY_FILE_RANGE,
                            SENDFILE,
                            SPLICE,
                            TRANSFER_TO,
                            TRANSFER_FROM,
                            MMAP_WRITE,
                            DIRECT_IO,
                            READ_WRITE),
            "file-pipe", List.of(SPLICE, SENDFILE, READ_WRITE),
            "pipe-file", List.of(SPLICE, READ_WRITE),
            "memory-tcp", List.of(GATHER_WRITE, MSG_ZEROCOPY, READ_WRITE));

    private final Toolchain tools;
    private final Lanes lanes;

    public Lineup(Toolchain tools, Lanes lanes) {
        this.tools = tools;
        this.lanes = lanes;
    }

    /** Creates a contestant for a lane. */
    public interface Opener {
        Contestant open(Lanes.Lane lane) throws IOException;
    }

    /** A possible contestant. */
    public record Entry(String name, Role role, Opener opener) {}

    /** Returns all available contestants, this library first. */
    public List<Entry> of(BenchmarkCase pair, long size) throws IOException {
        List<Entry> all = new ArrayList<>();
        all.add(inJvm(pair, "zerocopy", Role.OURS, pair.source() == End.PATH ? Ours::copyPath : Ours.auto(pair)));
        all.addAll(Ours.held(pair));
        for (String how : limits(pair)) {
            all.add(limit(pair, how));
        }
        switch (pair.key()) {
            case "file-tcp" -> {
                all.add(inJvm(pair, "JDK transferTo", Role.JDK, JdkWays::transferTo));
                loops(pair, all, 8 << 10, 64 << 10, 1 << 20);
            }
            case "tcp-tcp" -> {
                all.add(inJvm(pair, "JDK stream transferTo", Role.JDK, JdkWays::streamTransferTo));
                eitherWay(pair, size, all);
                loops(pair, all, 8 << 10, 64 << 10, 1 << 20);
            }
            case "tcp-file", "pipe-file" -> {
                eitherWay(pair, size, all);
                all.add(inJvm(pair, "JDK transferFrom", Role.JDK, JdkWays::transferFrom));
                loops(pair, all, 8 << 10, 64 << 10, 1 << 20);
            }
            case "file-file" -> {
                all.add(inJvm(pair, "JDK transferTo", Role.JDK, JdkWays::transferTo));
                all.add(inJvm(pair, "JDK transferFrom", Role.JVM, JdkWays::transferFrom));
                loops(pair, all, 64 << 10, 1 << 20);
            }
            case "file-pipe" -> {
                all.add(inJvm(pair, "zerocopy stableSource", Role.JVM, Ours.stable(pair)));
                all.add(inJvm(pair, "JDK transferTo", Role.JDK, JdkWays::transferTo));
                loops(pair, all, 8 << 10, 64 << 10, 1 << 20);
            }
            case "direct-direct" -> direct(pair, size, all);
            case "path-path" -> all.add(inJvm(pair, "JDK Files.copy", Role.JDK, JdkWays::filesCopy));
            default -> all.add(inJvm(pair, "JDK write", Role.JDK, JdkWays::writeMemory));
        }
        others(pair, all);
        return all;
    }

    /** Returns this library only: with its default choice, and with every mechanism that accepts the pair if named. */
    public static List<Entry> byMechanism(BenchmarkCase pair) {
        List<Entry> all = new ArrayList<>();
        all.add(inJvm(pair, "zerocopy", Role.OURS, Ours.auto(pair)));
        for (Mechanism mechanism : NAMED.getOrDefault(pair.key(), List.of())) {
            all.add(inJvm(pair, mechanism.name(), Role.NAMED, Ours.by(pair, mechanism)));
        }
        return all;
    }

    /** Adds the two mechanisms between which the size decides. */
    private void eitherWay(BenchmarkCase pair, long size, List<Entry> all) {
        for (Mechanism mechanism :
                size <= LITTLE ? List.of(Mechanism.SPLICE, Mechanism.READ_WRITE) : List.<Mechanism>of()) {
            all.add(inJvm(pair, "zerocopy " + mechanism, Role.JVM, Ours.by(pair, mechanism)));
        }
    }

    /** Returns the best mechanisms of C for a case. */
    private List<String> limits(BenchmarkCase pair) throws IOException {
        switch (pair.key()) {
            case "file-tcp":
                return List.of("sendfile");
            case "tcp-tcp", "tcp-file":
                return List.of("splice-pipe");
            case "file-file":
                return List.of(sharesExtents(pair) ? "clone" : "copy_file_range");
            case "path-path":
                return List.of("path");
            case "direct-direct":
                return List.of("read-write:524288");
            case "file-pipe":
                return List.of("read-write:65536", "splice");
            case "pipe-file":
                return List.of("splice");
            default:
                return List.of("write");
        }
    }

    private boolean sharesExtents(BenchmarkCase pair) throws IOException {
        return List.of("xfs", "btrfs")
                .contains(Files.getFileStore(lanes.place(pair)).type());
    }

    /**
     * Adds contestants with direct I/O. fio cannot copy; its reads and writes show the best possible speed of half a
     * copy.
     */
    private void direct(BenchmarkCase pair, long size, List<Entry> all) {
        for (int depth : new int[] {1, 2, 4, 8, 16, 32}) {
            all.add(inJvm(pair, "zerocopy depth " + depth, Role.JVM, Ours.direct(depth, Preference.AUTO)));
        }
        all.add(inJvm(pair, "zerocopy IO_URING never", Role.JVM, Ours.direct(8, Preference.NEVER)));
        all.add(new Entry(
                "JDK DIRECT, 1 MiB loop",
                Role.JDK,
                lane -> new InJvm(
                        "JDK DIRECT", Role.JDK, BenchmarkEndpoints.direct(lane), JdkWays.directLoop(1 << 20))));
        command(
                all,
                "dd direct bs=1M",
                lane -> List.of(
                        "dd",
                        "if=" + lane.source(),
                        "of=" + lane.target(),
                        "bs=1M",
                        "iflag=direct",
                        "oflag=direct",
                        "status=none"));
        for (int depth : size < WORTH_FIO ? new int[0] : new int[] {8, 32}) {
            command(all, "fio read depth " + depth, lane -> fio("read", lane.source(), depth));
            command(all, "fio write depth " + depth, lane -> fio("write", lane.target(), depth));
        }
    }

    private static List<String> fio(String what, Path file, int depth) {
        return List.of(
                "fio",
                "--name=half",
                "--rw=" + what,
                "--filename=" + file,
                "--size=" + sizeOf(file),
                "--direct=1",
                "--bs=512k",
                "--ioengine=io_uring",
                "--iodepth=" + depth,
                "--thread",
                "--minimal");
    }

    /** Returns the size from the name of the source; the target need not exist yet. */
    private static long sizeOf(Path file) {
        try (Stream<Path> beside = Files.list(file.getParent())) {
            return beside.filter(path -> path.getFileName().toString().startsWith("zerocopy-source-"))
                    .mapToLong(path -> path.toFile().length())
                    .max()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds contestants that are not installed everywhere. */
    private void others(BenchmarkCase pair, List<Entry> all) throws IOException {
        boolean epoll = io.netty.channel.epoll.Epoll.isAvailable();
        if (pair.key().equals("file-tcp")) {
            if (epoll) {
                all.add(new Entry("Netty DefaultFileRegion", Role.JVM, NettyFile::new));
            }
            if (Toolchain.has("nginx")) {
                all.add(new Entry(
                        "nginx sendfile",
                        Role.OTHER,
                        lane -> Server.nginx(tools.directory(), tools.program("limit.c"), lane, pair.place())));
            }
        }
        if (pair.key().equals("tcp-tcp")) {
            if (epoll) {
                all.add(new Entry("Netty read and write", Role.JVM, NettyRelay::new));
            }
            if (Toolchain.has("haproxy")) {
                all.add(new Entry(
                        "HAProxy splice",
                        Role.OTHER,
                        lane -> Server.haproxy(tools.directory(), tools.program("limit.c"), lane, pair.place())));
            }
        }
        if (pair.source() != End.MEMORY && pair.source() != End.PATH && pair.source() != End.DIRECT) {
            mover(pair, all, "Rust io::copy", "mover.rs");
            mover(pair, all, "Go io.CopyN", "mover.go");
        }
        if (pair.source() == End.PATH) {
            command(
                    all,
                    "cp",
                    lane -> List.of(
                            "cp", lane.source().toString(), lane.target().toString()));
            if (sharesExtents(pair)) {
                command(
                        all,
                        "cp --reflink=always",
                        lane -> List.of(
                                "cp",
                                "--reflink=always",
                                lane.source().toString(),
                                lane.target().toString()));
            }
            command(
                    all,
                    "dd bs=1M",
                    lane -> List.of("dd", "if=" + lane.source(), "of=" + lane.target(), "bs=1M", "status=none"));
        }
    }

    private void mover(BenchmarkCase pair, List<Entry> all, String name, String source) {
        Path program = tools.program(source);
        if (program != null) {
            all.add(new Entry(
                    name,
                    Role.OTHER,
                    lane -> new External(
                            name,
                            Role.OTHER,
                            List.of(program.toString(), source(pair, lane), target(pair, lane)),
                            Pin.MOVER)));
        }
    }

    private void command(List<Entry> all, String name, Function<Lanes.Lane, List<String>> words) {
        if (!Toolchain.has(name.split(" ")[0])) {
            return;
        }
        all.add(new Entry(name, Role.OTHER, lane -> {
            List<String> command =
                    new ArrayList<>(List.of(tools.program("limit.c").toString(), "spawn"));
            command.addAll(words.apply(lane));
            return new External(name + " (process)", Role.OTHER, command, Pin.MOVER);
        }));
    }

    private Entry limit(BenchmarkCase pair, String how) {
        Path program = tools.program("limit.c");
        return new Entry(
                "C " + how,
                Role.LIMIT,
                lane -> new External(
                        "C " + how,
                        Role.LIMIT,
                        List.of(program.toString(), "move", source(pair, lane), target(pair, lane), how),
                        Pin.MOVER));
    }

    private static String source(BenchmarkCase pair, Lanes.Lane lane) throws IOException {
        return switch (pair.source()) {
            case TCP -> "tcp:" + lane.sourcePort();
            case PIPE -> "fifo:" + lane.source();
            case PATH -> "path:" + lane.source();
            case MEMORY -> "memory:" + Files.size(lane.source());
            case FILE -> "file:" + lane.source();
            case DIRECT -> "direct:" + lane.source();
        };
    }

    private static String target(BenchmarkCase pair, Lanes.Lane lane) {
        return switch (pair.target()) {
            case TCP -> "tcp:" + lane.targetPort();
            case PIPE -> "fifo:" + lane.target();
            case PATH -> "path:" + lane.target();
            case DIRECT -> "direct:" + lane.target();
            default -> "file:" + lane.target();
        };
    }

    private static void loops(BenchmarkCase pair, List<Entry> all, int... buffers) {
        for (int buffer : buffers) {
            String name = buffer < 1 << 20 ? (buffer >> 10) + " KiB loop" : (buffer >> 20) + " MiB loop";
            Role role = buffer == 64 << 10 ? Role.LOOP_64K : Role.JVM;
            all.add(inJvm(pair, name, role, JdkWays.loop(pair, buffer)));
        }
    }

    private static Entry inJvm(BenchmarkCase pair, String name, Role role, Way way) {
        return new Entry(name, role, lane -> new InJvm(name, role, BenchmarkEndpoints.open(pair, lane), way));
    }
}
