package io.zerocopy.tests.bench;

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
import io.zerocopy.tests.bench.Contestant.Role;
import io.zerocopy.tests.bench.Course.End;
import io.zerocopy.tests.bench.JdkWays.Way;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Decides which contestants take part in which course. */
final class Lineup {
    private static final long LITTLE = 64 << 10;

    /** Smallest size for fio, whose start alone takes a third of a second. */
    private static final long WORTH_FIO = 1 << 30;

    /** Mechanisms by course, if there is a choice. */
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

    Lineup(Toolchain tools, Lanes lanes) {
        this.tools = tools;
        this.lanes = lanes;
    }

    /** Creates a contestant for a lane. */
    interface Opener {
        Contestant open(Lanes.Lane lane) throws IOException;
    }

    /** A possible contestant. */
    record Entry(String name, Role role, Opener opener) {}

    /** Returns all available contestants, this library first. */
    List<Entry> of(Course course, long size) throws IOException {
        List<Entry> all = new ArrayList<>();
        all.add(inJvm(course, "zerocopy", Role.OURS, course.source() == End.PATH ? Ours::copyPath : Ours.auto(course)));
        for (String how : limits(course)) {
            all.add(limit(course, how));
        }
        switch (course.key()) {
            case "file-tcp" -> {
                all.add(inJvm(course, "JDK transferTo", Role.JDK, JdkWays::transferTo));
                loops(course, all, 8 << 10, 64 << 10, 1 << 20);
            }
            case "tcp-tcp" -> {
                all.add(inJvm(course, "JDK stream transferTo", Role.JDK, JdkWays::streamTransferTo));
                eitherWay(course, size, all);
                loops(course, all, 8 << 10, 64 << 10, 1 << 20);
            }
            case "tcp-file", "pipe-file" -> {
                eitherWay(course, size, all);
                all.add(inJvm(course, "JDK transferFrom", Role.JDK, JdkWays::transferFrom));
                loops(course, all, 8 << 10, 64 << 10, 1 << 20);
            }
            case "file-file" -> {
                all.add(inJvm(course, "JDK transferTo", Role.JDK, JdkWays::transferTo));
                all.add(inJvm(course, "JDK transferFrom", Role.JVM, JdkWays::transferFrom));
                loops(course, all, 64 << 10, 1 << 20);
            }
            case "file-pipe" -> {
                all.add(inJvm(course, "zerocopy stableSource", Role.JVM, Ours.stable(course)));
                all.add(inJvm(course, "JDK transferTo", Role.JDK, JdkWays::transferTo));
                loops(course, all, 8 << 10, 64 << 10, 1 << 20);
            }
            case "direct-direct" -> direct(course, size, all);
            case "path-path" -> all.add(inJvm(course, "JDK Files.copy", Role.JDK, JdkWays::filesCopy));
            default -> all.add(inJvm(course, "JDK write", Role.JDK, JdkWays::writeMemory));
        }
        others(course, all);
        return all;
    }

    /** Returns this library only: with its default choice, and with every mechanism that accepts the pair if named. */
    static List<Entry> byMechanism(Course course) {
        List<Entry> all = new ArrayList<>();
        all.add(inJvm(course, "zerocopy", Role.OURS, Ours.auto(course)));
        for (Mechanism mechanism : NAMED.getOrDefault(course.key(), List.of())) {
            all.add(inJvm(course, mechanism.name(), Role.NAMED, Ours.by(course, mechanism)));
        }
        return all;
    }

    /** Adds the two mechanisms between which the size decides. */
    private void eitherWay(Course course, long size, List<Entry> all) {
        for (Mechanism mechanism :
                size <= LITTLE ? List.of(Mechanism.SPLICE, Mechanism.READ_WRITE) : List.<Mechanism>of()) {
            all.add(inJvm(course, "zerocopy " + mechanism, Role.JVM, Ours.by(course, mechanism)));
        }
    }

    /** Returns the best mechanisms of C for a course. */
    private List<String> limits(Course course) throws IOException {
        switch (course.key()) {
            case "file-tcp":
                return List.of("sendfile");
            case "tcp-tcp", "tcp-file":
                return List.of("splice-pipe");
            case "file-file":
                return List.of(sharesExtents(course) ? "clone" : "copy_file_range");
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

    private boolean sharesExtents(Course course) throws IOException {
        return List.of("xfs", "btrfs")
                .contains(Files.getFileStore(lanes.place(course)).type());
    }

    /**
     * Adds contestants with direct I/O. fio cannot copy; its reads and writes show the best possible speed of half a
     * copy.
     */
    private void direct(Course course, long size, List<Entry> all) {
        for (int depth : new int[] {1, 2, 4, 8, 16, 32}) {
            all.add(inJvm(course, "zerocopy depth " + depth, Role.JVM, Ours.direct(depth, Preference.AUTO)));
        }
        all.add(inJvm(course, "zerocopy IO_URING never", Role.JVM, Ours.direct(8, Preference.NEVER)));
        all.add(new Entry(
                "JDK DIRECT, 1 MiB loop",
                Role.JDK,
                lane -> new InJvm("JDK DIRECT", Role.JDK, Ends.direct(lane), JdkWays.directLoop(1 << 20))));
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
    private void others(Course course, List<Entry> all) throws IOException {
        boolean epoll = io.netty.channel.epoll.Epoll.isAvailable();
        if (course.key().equals("file-tcp")) {
            if (epoll) {
                all.add(new Entry("Netty DefaultFileRegion", Role.JVM, NettyFile::new));
            }
            if (Toolchain.has("nginx")) {
                all.add(new Entry(
                        "nginx sendfile",
                        Role.OTHER,
                        lane -> Server.nginx(tools.directory(), tools.program("limit.c"), lane, course.place())));
            }
        }
        if (course.key().equals("tcp-tcp")) {
            if (epoll) {
                all.add(new Entry("Netty read and write", Role.JVM, NettyRelay::new));
            }
            if (Toolchain.has("haproxy")) {
                all.add(new Entry(
                        "HAProxy splice",
                        Role.OTHER,
                        lane -> Server.haproxy(tools.directory(), tools.program("limit.c"), lane, course.place())));
            }
        }
        if (course.source() != End.MEMORY && course.source() != End.PATH && course.source() != End.DIRECT) {
            mover(course, all, "Rust io::copy", "mover.rs");
            mover(course, all, "Go io.CopyN", "mover.go");
        }
        if (course.source() == End.PATH) {
            command(
                    all,
                    "cp",
                    lane -> List.of(
                            "cp", lane.source().toString(), lane.target().toString()));
            if (sharesExtents(course)) {
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

    private void mover(Course course, List<Entry> all, String name, String source) {
        Path program = tools.program(source);
        if (program != null) {
            all.add(new Entry(
                    name,
                    Role.OTHER,
                    lane -> new External(
                            name,
                            Role.OTHER,
                            List.of(program.toString(), source(course, lane), target(course, lane)),
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

    private Entry limit(Course course, String how) {
        Path program = tools.program("limit.c");
        return new Entry(
                "C " + how,
                Role.LIMIT,
                lane -> new External(
                        "C " + how,
                        Role.LIMIT,
                        List.of(program.toString(), "move", source(course, lane), target(course, lane), how),
                        Pin.MOVER));
    }

    private static String source(Course course, Lanes.Lane lane) throws IOException {
        return switch (course.source()) {
            case TCP -> "tcp:" + lane.sourcePort();
            case PIPE -> "fifo:" + lane.source();
            case PATH -> "path:" + lane.source();
            case MEMORY -> "memory:" + Files.size(lane.source());
            case FILE -> "file:" + lane.source();
            case DIRECT -> "direct:" + lane.source();
        };
    }

    private static String target(Course course, Lanes.Lane lane) {
        return switch (course.target()) {
            case TCP -> "tcp:" + lane.targetPort();
            case PIPE -> "fifo:" + lane.target();
            case PATH -> "path:" + lane.target();
            case DIRECT -> "direct:" + lane.target();
            default -> "file:" + lane.target();
        };
    }

    private static void loops(Course course, List<Entry> all, int... buffers) {
        for (int buffer : buffers) {
            String name = buffer < 1 << 20 ? (buffer >> 10) + " KiB loop" : (buffer >> 20) + " MiB loop";
            Role role = buffer == 64 << 10 ? Role.LOOP_64K : Role.JVM;
            all.add(inJvm(course, name, role, JdkWays.loop(course, buffer)));
        }
    }

    private static Entry inJvm(Course course, String name, Role role, Way way) {
        return new Entry(name, role, lane -> new InJvm(name, role, Ends.open(course, lane), way));
    }
}
