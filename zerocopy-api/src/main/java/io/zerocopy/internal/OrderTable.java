package io.zerocopy.internal;

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
import static io.zerocopy.spi.Kind.DEVICE;
import static io.zerocopy.spi.Kind.FILE;
import static io.zerocopy.spi.Kind.MEMORY;
import static io.zerocopy.spi.Kind.OPAQUE;
import static io.zerocopy.spi.Kind.PIPE;
import static io.zerocopy.spi.Kind.STREAM;
import static io.zerocopy.spi.Kind.TCP;
import static io.zerocopy.spi.Kind.UNIX;
import static io.zerocopy.spi.Kind.VIRTUAL_FILE;

import io.zerocopy.Mechanism;
import io.zerocopy.spi.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which mechanisms serve which pair, and in which order they are tried. Order is cost: what moves no byte first, what
 * stays in the kernel next, what passes through the JVM last. What stands behind {@code READ_WRITE}, which serves
 * every pair and never declines, is reached only by asking for it. What bypasses the page cache stands first, and takes
 * itself out unless it was asked for. The first row that fits a pair is its row.
 */
final class OrderTable {
    /**
     * One row.
     *
     * @param sources kinds of source
     * @param targets kinds of target
     * @param order mechanisms, cheapest first
     * @param reason why in this order
     */
    record Row(Set<Kind> sources, Set<Kind> targets, List<Mechanism> order, String reason) {}

    private static final Set<Kind> FILES = EnumSet.of(FILE);
    private static final Set<Kind> ANY_FILE = EnumSet.of(FILE, VIRTUAL_FILE);
    private static final Set<Kind> SOCKETS = EnumSet.of(TCP, UNIX);
    private static final Set<Kind> FLOWS = EnumSet.of(PIPE, TCP, UNIX);
    private static final Set<Kind> DESCRIPTORS = EnumSet.of(FILE, VIRTUAL_FILE, DEVICE, PIPE, TCP, UNIX);
    private static final Set<Kind> ANY = EnumSet.allOf(Kind.class);

    private static final List<Row> ROWS = List.of(
            row(
                    FILES,
                    ANY_FILE,
                    "shared extents move nothing; then one call in the kernel; copy_file_range before sendfile because"
                            + " the file system may do better than copying pages",
                    IO_URING,
                    DIRECT_IO,
                    REFLINK,
                    COPY_FILE_RANGE,
                    SENDFILE,
                    TRANSFER_TO,
                    READ_WRITE,
                    MMAP_WRITE,
                    TRANSFER_FROM,
                    SPLICE),
            row(
                    FILES,
                    SOCKETS,
                    "a few bytes behind a header go with it in one gathered write; sendfile is one call a chunk;"
                            + " transferTo is the same with two more calls around it; a mapped write saves one copy",
                    DIRECT_IO,
                    GATHER_WRITE,
                    SENDFILE,
                    TRANSFER_TO,
                    MMAP_WRITE,
                    READ_WRITE,
                    SPLICE),
            row(
                    FILES,
                    EnumSet.of(PIPE),
                    "pages that enter a pipe by reference show later changes of the file to its reader, so only with"
                            + " the promise of a stable source; transferTo may wait inside, where nothing wakes it",
                    DIRECT_IO,
                    SPLICE,
                    SENDFILE,
                    READ_WRITE,
                    MMAP_WRITE),
            row(
                    FILES,
                    EnumSet.of(DEVICE),
                    "sendfile reaches every device that the kernel can splice to, and declines for the others",
                    DIRECT_IO,
                    SENDFILE,
                    READ_WRITE,
                    TRANSFER_TO,
                    MMAP_WRITE,
                    SPLICE),
            row(
                    FILES,
                    EnumSet.of(OPAQUE),
                    "a channel that may transform bytes gets them by write; transferTo would do so in 8 KiB chunks",
                    DIRECT_IO,
                    READ_WRITE,
                    TRANSFER_TO),
            row(FILES, EnumSet.of(STREAM), "a stream gets what was read", DIRECT_IO, READ_WRITE),
            row(EnumSet.of(DEVICE), FILES, "a device is read", DIRECT_IO, READ_WRITE, SENDFILE, SPLICE),
            row(
                    EnumSet.of(VIRTUAL_FILE, DEVICE),
                    DESCRIPTORS,
                    "a size that says nothing makes the kernel's copy calls stop early, so reading comes first",
                    READ_WRITE,
                    SENDFILE,
                    SPLICE),
            row(
                    FLOWS,
                    FILES,
                    "splice keeps the bytes in the kernel, through a pipe where the source is none",
                    DIRECT_IO,
                    SPLICE,
                    READ_WRITE,
                    TRANSFER_FROM),
            row(
                    FLOWS,
                    DESCRIPTORS,
                    "splice keeps the bytes in the kernel, through a pipe where neither end is one",
                    SPLICE,
                    READ_WRITE,
                    TRANSFER_FROM),
            row(
                    EnumSet.of(MEMORY),
                    EnumSet.of(TCP),
                    "much memory goes to another machine without a copy, at the price of waiting until it is there; else"
                            + " one call sends many buffers unmerged",
                    MSG_ZEROCOPY,
                    GATHER_WRITE,
                    READ_WRITE),
            row(
                    EnumSet.of(MEMORY),
                    FILES,
                    "one call writes many buffers unmerged",
                    DIRECT_IO,
                    GATHER_WRITE,
                    READ_WRITE),
            row(EnumSet.of(MEMORY), ANY, "one call writes many buffers unmerged", GATHER_WRITE, READ_WRITE),
            row(
                    EnumSet.of(OPAQUE, STREAM),
                    ANY_FILE,
                    "only the source itself can produce its bytes",
                    DIRECT_IO,
                    READ_WRITE,
                    TRANSFER_FROM),
            row(ANY, ANY, "at least one end can only be read or written through its own methods", READ_WRITE));

    private OrderTable() {}

    private static Row row(Set<Kind> sources, Set<Kind> targets, String reason, Mechanism... order) {
        return new Row(sources, targets, List.of(order), reason);
    }

    static Row of(Kind source, Kind target) {
        for (int i = 0; ; i++) {
            Row row = ROWS.get(i);
            if (row.sources().contains(source) && row.targets().contains(target)) {
                return row;
            }
        }
    }
}
