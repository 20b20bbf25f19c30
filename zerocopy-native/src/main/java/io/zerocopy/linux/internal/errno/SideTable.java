package io.zerocopy.linux.internal.errno;

import static io.zerocopy.linux.internal.errno.Suspect.EITHER;
import static io.zerocopy.linux.internal.errno.Suspect.SOURCE;
import static io.zerocopy.linux.internal.errno.Suspect.TARGET;

import io.zerocopy.linux.sys.Errno;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which end has failed, if {@link ErrnoTable} says that a call has failed. The first row that matches a call and an
 * errno applies. Errors of reads and writes of one end, also past the page cache, belong to that end, except for memory
 * that cannot be read.
 */
public final class SideTable {
    /**
     * One row.
     *
     * @param calls the calls
     * @param errnos the errors; empty for all errors that no earlier row has
     * @param suspect the end to which they belong
     * @param reason why
     */
    public record Row(Set<Call> calls, List<Integer> errnos, Suspect suspect, String reason) {}

    private static final Set<Call> WRITES =
            EnumSet.of(Call.WRITE, Call.SEND_ZEROCOPY, Call.RWF_DONTCACHE, Call.DIRECT_PWRITE, Call.DIRECT_FILE_PWRITE);

    private static final Set<Call> COPIES =
            EnumSet.of(Call.SENDFILE, Call.SPLICE, Call.COPY_FILE_RANGE, Call.FICLONERANGE);

    private static final List<Row> ROWS = List.of(
            new Row(
                    WRITES,
                    List.of(Errno.EFAULT),
                    SOURCE,
                    "the memory is a mapping of the source, whose page is gone or cannot be read"),
            new Row(WRITES, List.of(), TARGET, "only the target is touched"),
            new Row(
                    COPIES,
                    List.of(
                            Errno.ENOSPC,
                            Errno.EDQUOT,
                            Errno.EFBIG,
                            Errno.EROFS,
                            Errno.ETXTBSY,
                            Errno.ENOBUFS,
                            Errno.EPERM),
                    TARGET,
                    "only writes fail so; EPERM is a target that is immutable or sealed"),
            new Row(
                    EnumSet.of(Call.SENDFILE, Call.COPY_FILE_RANGE),
                    List.of(
                            Errno.EPIPE,
                            Errno.ECONNRESET,
                            Errno.ENOTCONN,
                            Errno.ECONNREFUSED,
                            Errno.EHOSTUNREACH,
                            Errno.ENOTSOCK),
                    TARGET,
                    "the source is a file, so the connection is the target's; ETIMEDOUT may be of a file server, too"),
            new Row(
                    COPIES,
                    List.of(),
                    EITHER,
                    "a disk (EIO), a peer, a file server or the memory of either end, or a refusal of the pair (EINVAL)"),
            new Row(EnumSet.allOf(Call.class), List.of(), SOURCE, "reads, and what prepares them"));

    private SideTable() {}

    /** All rows, in their order. */
    public static List<Row> rows() {
        return ROWS;
    }

    /** Whether the error can be that of a pipe as target, which fails only so: nobody reads it any more. */
    public static boolean mayBeOfPipe(long result) {
        return result == -Errno.EPIPE;
    }

    /** The end to which the error of a call belongs. */
    public static Suspect of(Call call, long result) {
        int errno = (int) -result;
        for (Row row : ROWS) {
            if (row.calls().contains(call)
                    && (row.errnos().isEmpty() || row.errnos().contains(errno))) {
                return row.suspect();
            }
        }
        throw new AssertionError(call); // the last row has all calls
    }
}
