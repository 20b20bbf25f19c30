package io.zerocopy.internal.plan;

import static io.zerocopy.Mechanism.COPY_FILE_RANGE;
import static io.zerocopy.Mechanism.DIRECT_IO;
import static io.zerocopy.Mechanism.GATHER_WRITE;
import static io.zerocopy.Mechanism.IO_URING;
import static io.zerocopy.Mechanism.MMAP_WRITE;
import static io.zerocopy.Mechanism.MSG_ZEROCOPY;
import static io.zerocopy.Mechanism.READ_WRITE;
import static io.zerocopy.Mechanism.REFLINK;
import static io.zerocopy.Mechanism.SENDFILE;
import static io.zerocopy.Mechanism.SPLICE;
import static io.zerocopy.Mechanism.TRANSFER_FROM;
import static io.zerocopy.Mechanism.TRANSFER_TO;
import static io.zerocopy.internal.plan.OrderRow.Choice.behindReadWrite;
import static io.zerocopy.internal.plan.OrderRow.Choice.byName;
import static io.zerocopy.internal.plan.OrderRow.Choice.inTurn;
import static io.zerocopy.spi.EndpointKind.DEVICE;
import static io.zerocopy.spi.EndpointKind.FILE;
import static io.zerocopy.spi.EndpointKind.MEMORY;
import static io.zerocopy.spi.EndpointKind.OPAQUE;
import static io.zerocopy.spi.EndpointKind.PIPE;
import static io.zerocopy.spi.EndpointKind.STREAM;
import static io.zerocopy.spi.EndpointKind.TCP;
import static io.zerocopy.spi.EndpointKind.UNIX;
import static io.zerocopy.spi.EndpointKind.VIRTUAL_FILE;

import io.zerocopy.internal.plan.OrderRow.Limit;
import io.zerocopy.internal.plan.OrderRow.Waiver;
import io.zerocopy.spi.EndpointKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which mechanisms serve which pair, in which order they are tried, from how many bytes on, and which of them must be
 * named. The order is by cost: first mechanisms that move no byte, then mechanisms inside the kernel, last mechanisms
 * that move bytes through the JVM. The first row that fits a pair is used. Every choice and every limit states its
 * reason. The figures are from BENCHMARK.md and from the guide's "Which mechanism when", unless a row says otherwise.
 *
 * <p>{@link Planner} asks the strategy first and applies the row after that, so a strategy does not know the limits.
 * Sizes that apply to all pairs are at the end of this file. How much one step is asked to move is in {@link StepTable}.
 */
public final class OrderTable {
    private static final Set<EndpointKind> FILES = EnumSet.of(FILE);
    private static final Set<EndpointKind> ANY_FILE = EnumSet.of(FILE, VIRTUAL_FILE);
    private static final Set<EndpointKind> SOCKETS = EnumSet.of(TCP, UNIX);
    private static final Set<EndpointKind> PIPES = EnumSet.of(PIPE);
    private static final Set<EndpointKind> DEVICES = EnumSet.of(DEVICE);
    private static final Set<EndpointKind> BUFFERS = EnumSet.of(MEMORY);
    private static final Set<EndpointKind> FLOWS = EnumSet.of(PIPE, TCP, UNIX);
    private static final Set<EndpointKind> DESCRIPTORS = EnumSet.of(FILE, VIRTUAL_FILE, DEVICE, PIPE, TCP, UNIX);
    private static final Set<EndpointKind> ANY = EnumSet.allOf(EndpointKind.class);

    /** Up to this limit, bytes from a socket are moved by read + write. */
    private static final Limit NOT_LITTLE = Limit.above(
            16 << 10,
            Waiver.NAMED,
            "for so few bytes, read + write costs less than splice",
            "calls with a flag not to wait save the two calls that switch the socket's mode, which cost more"
                    + " than the copies. CPU of read + write ÷ CPU of two splices, on JDK 25: 4 KiB 0.63 to a file and 0.74"
                    + " to a socket, 16 KiB 0.81 and 0.77; from 32 KiB on the other way round. See BENCHMARK.md, \"Where"
                    + " little is read and written\"");

    /** Up to this limit, bytes of a file are moved to a blocking socket by read + write. */
    private static final Limit NOT_LITTLE_TO_A_BLOCKING_SOCKET = Limit.above(
                    16 << 10,
                    Waiver.NAMED,
                    "the socket blocks, and for so few bytes read + write costs less than switching its mode",
                    "a write with a flag not to wait saves the two calls that switch the mode and back. CPU of read +"
                            + " write ÷ CPU of sendfile with these two, on 17 and 25: 4 KiB 0.87 and 0.88, 8 KiB 0.70 and"
                            + " 0.72, 16 KiB 0.84 and 0.94, 64 KiB 0.96 and 1.06. See BENCHMARK.md, \"Where little is read and written\". A"
                            + " kernel before 6.4 has no such writes: there, the mode is switched for both, and sendfile is one"
                            + " call less")
            .onlyIfSwitched();

    /**
     * A small file is sent in one write with the bytes around it. At most {@link #GATHERED_FILES}, the size of the
     * memory for it.
     */
    private static final Limit SMALL_FILE = Limit.upTo(
            32 << 10,
            Waiver.NOTHING,
            "more than 32768 bytes of a file",
            "reading a file into memory and one gathered write, against a write of the header and sendfile, over loopback:"
                    + " a seventh less at 4 KiB, the same at 32 KiB, a tenth more at 64 KiB. A trailer, for which the socket"
                    + " would be corked, moves that to 64 KiB");

    /** From this limit on, it is worth waiting until the peer has acknowledged all bytes of the memory. */
    private static final Limit WORTH_WAITING_FOR = Limit.from(
            1 << 20,
            Waiver.REQUIRED,
            "less than 1048576 bytes are not worth the wait for the peer's acknowledgement",
            "by CPU time alone 64 KiB would do: into a socket whose window is closed a send of 64 KiB takes 8 µs when it"
                    + " copies and 2 µs when it pins, one of 512 KiB 64 µs and 13 µs, and the report costs another 2 µs. But"
                    + " the transfer is not done before the peer has acknowledged the last byte: from 1 MiB on the 100 µs"
                    + " that are saved are about a round trip on a local network");

    private static final String PAST_THE_CACHE = "bypasses the page cache, so it is used only if it is named";

    private static final String WAITS_FOR_THE_DEVICE =
            "each block waits for the device: file to file 16,213 CPU ms a GiB at"
                    + " 4 KiB and 165 at 1 MiB, copy_file_range 817 and 51";

    private static final String MAPPED_FILE =
            "costs page faults: file to file 3,135 CPU ms a GiB at 4 KiB and 126 at 1 MiB,"
                    + " read + write 789 and 50";

    private static final String COPIED_BY_THE_JDK =
            "copies as read + write does, in small pieces or by a mapping: to a file"
                    + " from a file 1,195 CPU ms a GiB at 4 KiB and 140 at 1 MiB, read + write 789 and 50; from a TCP socket 1,580"
                    + " and 254, read + write 1,033 and 127";

    private static final String SPLICED_FILE =
            "takes two calls and a pipe for what sendfile does in one: from a file to TCP"
                    + " 1,150 CPU ms a GiB at 4 KiB and 210 at 64 KiB, sendfile 983 and 175";

    private static final String OF_NO_SIZE = "may stop early if the size is unreliable; read + write does not";

    private static final List<OrderRow> ROWS = List.of(
            new OrderRow(
                    FILES,
                    ANY_FILE,
                    "shared extents move nothing; then one call in the kernel; copy_file_range before sendfile because"
                            + " the file system may do better than copying pages",
                    byName(IO_URING, PAST_THE_CACHE, WAITS_FOR_THE_DEVICE),
                    byName(DIRECT_IO, PAST_THE_CACHE, WAITS_FOR_THE_DEVICE),
                    inTurn(REFLINK),
                    inTurn(COPY_FILE_RANGE),
                    inTurn(SENDFILE),
                    inTurn(TRANSFER_TO),
                    inTurn(READ_WRITE),
                    behindReadWrite(MMAP_WRITE, MAPPED_FILE),
                    behindReadWrite(TRANSFER_FROM, COPIED_BY_THE_JDK),
                    behindReadWrite(SPLICE, SPLICED_FILE)),
            new OrderRow(
                    FILES,
                    SOCKETS,
                    "a few bytes behind a header go with it in one gathered write, and few bytes to a socket that blocks are"
                            + " read and written; sendfile is one call a chunk;"
                            + " transferTo is the same with two more calls around it; a mapped write saves one copy",
                    byName(DIRECT_IO, PAST_THE_CACHE, WAITS_FOR_THE_DEVICE),
                    inTurn(GATHER_WRITE, SMALL_FILE),
                    inTurn(SENDFILE, NOT_LITTLE_TO_A_BLOCKING_SOCKET),
                    inTurn(TRANSFER_TO, NOT_LITTLE_TO_A_BLOCKING_SOCKET),
                    inTurn(MMAP_WRITE, NOT_LITTLE_TO_A_BLOCKING_SOCKET),
                    inTurn(READ_WRITE),
                    behindReadWrite(SPLICE, SPLICED_FILE)),
            new OrderRow(
                    FILES,
                    PIPES,
                    "pages that enter a pipe by reference show later changes of the file to its reader, so only with"
                            + " the promise of a stable source; transferTo may wait inside, where nothing wakes it",
                    byName(DIRECT_IO, PAST_THE_CACHE, WAITS_FOR_THE_DEVICE),
                    inTurn(SPLICE),
                    inTurn(SENDFILE),
                    inTurn(READ_WRITE),
                    behindReadWrite(MMAP_WRITE, MAPPED_FILE)),
            new OrderRow(
                    FILES,
                    DEVICES,
                    "sendfile reaches every device that the kernel can splice to, and declines for the others",
                    byName(DIRECT_IO, PAST_THE_CACHE, WAITS_FOR_THE_DEVICE),
                    inTurn(SENDFILE),
                    inTurn(READ_WRITE),
                    behindReadWrite(TRANSFER_TO, "is the same sendfile call, with two more calls around it"),
                    behindReadWrite(MMAP_WRITE, MAPPED_FILE),
                    behindReadWrite(SPLICE, SPLICED_FILE)),
            new OrderRow(
                    FILES,
                    EnumSet.of(OPAQUE),
                    "a channel that may transform bytes gets them by write; transferTo would do so in 8 KiB chunks",
                    byName(DIRECT_IO, PAST_THE_CACHE, WAITS_FOR_THE_DEVICE),
                    inTurn(READ_WRITE),
                    behindReadWrite(TRANSFER_TO, "writes to the channel in chunks of 8 KiB, on the JDK's own buffers")),
            new OrderRow(
                    FILES,
                    EnumSet.of(STREAM),
                    "a stream is written with the bytes that were read",
                    byName(DIRECT_IO, PAST_THE_CACHE, WAITS_FOR_THE_DEVICE),
                    inTurn(READ_WRITE)),
            new OrderRow(
                    DEVICES,
                    FILES,
                    "a device is read",
                    byName(DIRECT_IO, PAST_THE_CACHE, WAITS_FOR_THE_DEVICE),
                    inTurn(READ_WRITE),
                    behindReadWrite(SENDFILE, OF_NO_SIZE),
                    behindReadWrite(SPLICE, OF_NO_SIZE)),
            new OrderRow(
                    EnumSet.of(VIRTUAL_FILE, DEVICE),
                    DESCRIPTORS,
                    "a size that says nothing makes the kernel's copy calls stop early, so reading comes first",
                    inTurn(READ_WRITE),
                    behindReadWrite(SENDFILE, OF_NO_SIZE),
                    behindReadWrite(SPLICE, OF_NO_SIZE)),
            new OrderRow(
                    SOCKETS,
                    FILES,
                    "splice keeps the bytes in the kernel, through a pipe; little is read and written",
                    byName(DIRECT_IO, PAST_THE_CACHE, WAITS_FOR_THE_DEVICE),
                    inTurn(SPLICE, NOT_LITTLE),
                    inTurn(READ_WRITE),
                    behindReadWrite(TRANSFER_FROM, COPIED_BY_THE_JDK)),
            new OrderRow(
                    PIPES,
                    FILES,
                    "splice keeps the bytes in the kernel, in one hop",
                    byName(DIRECT_IO, PAST_THE_CACHE, WAITS_FOR_THE_DEVICE),
                    inTurn(SPLICE),
                    inTurn(READ_WRITE),
                    behindReadWrite(TRANSFER_FROM, COPIED_BY_THE_JDK)),
            new OrderRow(
                    FLOWS,
                    PIPES,
                    "splice keeps the bytes in the kernel, in one hop",
                    inTurn(SPLICE),
                    inTurn(READ_WRITE),
                    behindReadWrite(TRANSFER_FROM, COPIED_BY_THE_JDK)),
            new OrderRow(
                    SOCKETS,
                    DESCRIPTORS,
                    "splice keeps the bytes in the kernel, through a pipe; little is read and written",
                    inTurn(SPLICE, NOT_LITTLE),
                    inTurn(READ_WRITE),
                    behindReadWrite(TRANSFER_FROM, COPIED_BY_THE_JDK)),
            new OrderRow(
                    PIPES,
                    DESCRIPTORS,
                    "splice keeps the bytes in the kernel, in one hop",
                    inTurn(SPLICE),
                    inTurn(READ_WRITE),
                    behindReadWrite(TRANSFER_FROM, COPIED_BY_THE_JDK)),
            new OrderRow(
                    BUFFERS,
                    EnumSet.of(TCP),
                    "much memory goes to another machine without a copy, at the price of waiting until it is there; else"
                            + " one call sends many buffers unmerged",
                    inTurn(MSG_ZEROCOPY, WORTH_WAITING_FOR),
                    inTurn(GATHER_WRITE),
                    inTurn(READ_WRITE)),
            new OrderRow(
                    BUFFERS,
                    FILES,
                    "one call writes many buffers unmerged",
                    byName(DIRECT_IO, PAST_THE_CACHE, WAITS_FOR_THE_DEVICE),
                    inTurn(GATHER_WRITE),
                    inTurn(READ_WRITE)),
            new OrderRow(
                    BUFFERS, ANY, "one call writes many buffers unmerged", inTurn(GATHER_WRITE), inTurn(READ_WRITE)),
            new OrderRow(
                    EnumSet.of(OPAQUE, STREAM),
                    ANY_FILE,
                    "only the source itself can produce its bytes",
                    byName(DIRECT_IO, PAST_THE_CACHE, WAITS_FOR_THE_DEVICE),
                    inTurn(READ_WRITE),
                    behindReadWrite(TRANSFER_FROM, COPIED_BY_THE_JDK)),
            new OrderRow(
                    ANY,
                    ANY,
                    "at least one end can only be read or written through its own methods",
                    inTurn(READ_WRITE)));

    // Sizes that apply to all pairs.

    /**
     * Up to this many bytes of a file, the size is not read before the first step. The file's end bounds the step, and
     * the size is read only if the step moves fewer bytes. This saves a system call for small sends.
     */
    public static final long ONE_STEP = 64 << 10;

    /**
     * The most bytes that are gathered for one write. Such a write takes so long that one more call does not matter.
     */
    public static final long GATHERED = 1 << 20;

    /** The most bytes of files among them, which are read into memory first: two files of {@link #SMALL_FILE}. */
    public static final int GATHERED_FILES = 64 << 10;

    /**
     * From this many bytes on, the kernel is told that the file is read sequentially. A file of 512 MiB that was not in
     * the page cache was sent in 0.5 s, instead of 0.7 s with the usual 128 KiB of read-ahead.
     */
    public static final long WORTH_ADVICE = 1 << 20;

    private OrderTable() {}

    static OrderRow of(EndpointKind source, EndpointKind target) {
        for (int i = 0; ; i++) {
            OrderRow row = ROWS.get(i);
            if (row.serves(source, target)) {
                return row;
            }
        }
    }

    static List<OrderRow> rows() {
        return ROWS;
    }
}
