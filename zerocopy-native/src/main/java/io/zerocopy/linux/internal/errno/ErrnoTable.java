package io.zerocopy.linux.internal.errno;

import static io.zerocopy.linux.internal.errno.Outcome.DECLINE;
import static io.zerocopy.linux.internal.errno.Outcome.DECLINE_FOR_FILE_SYSTEM;
import static io.zerocopy.linux.internal.errno.Outcome.DECLINE_FOR_GOOD;
import static io.zerocopy.linux.internal.errno.Outcome.END;
import static io.zerocopy.linux.internal.errno.Outcome.EXISTS;
import static io.zerocopy.linux.internal.errno.Outcome.FAIL;
import static io.zerocopy.linux.internal.errno.Outcome.MISSING;
import static io.zerocopy.linux.internal.errno.Outcome.RETRY;
import static io.zerocopy.linux.internal.errno.Outcome.WAIT;
import static io.zerocopy.linux.internal.errno.Outcome.WHOLE_BLOCKS;
import static io.zerocopy.linux.internal.errno.Outcome.WITHOUT_FLAG;

import io.zerocopy.linux.sys.Errno;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The meaning of a system call's error for a transfer; no other code decides it. The first row that matches a call and
 * an errno applies; if no row matches, the call has failed. An error has two meanings, because a mechanism that has
 * moved nothing may decline, and the next mechanism begins: {@code first} applies as long as the mechanism has moved no
 * byte of the transfer, {@code later} applies after that.
 */
public final class ErrnoTable {
    /**
     * One row.
     *
     * @param calls the calls
     * @param errnos the errors; empty for all errors that no earlier row has
     * @param first their meaning as long as the mechanism has moved nothing
     * @param later their meaning after it has moved bytes
     * @param reason why
     */
    public record Row(Set<Call> calls, List<Integer> errnos, Outcome first, Outcome later, String reason) {}

    private static final Set<Call> COPIES =
            EnumSet.of(Call.SENDFILE, Call.SPLICE, Call.COPY_FILE_RANGE, Call.FICLONERANGE);

    private static final List<Row> ROWS = List.of(
            // Copies inside the kernel.
            row(
                    Call.FICLONERANGE,
                    WHOLE_BLOCKS,
                    "an odd end is shared only where the target ends with it",
                    Errno.EINVAL),
            row(
                    Call.FICLONERANGE,
                    DECLINE_FOR_FILE_SYSTEM,
                    "the file system shares no extents, or does not know the ioctl",
                    Errno.EOPNOTSUPP,
                    Errno.ENOTTY),
            row(
                    COPIES,
                    DECLINE,
                    "no splice method at one end, a target that is open for append, overlapping ranges",
                    Errno.EINVAL),
            row(COPIES, DECLINE, "two file systems, for copy_file_range and FICLONERANGE", Errno.EXDEV),
            row(COPIES, DECLINE, "a file system without the operation", Errno.EOPNOTSUPP),
            row(COPIES, DECLINE, "old kernels, for sendfile to anything but a socket", Errno.ENOTSOCK),
            row(COPIES, DECLINE, "a file or device that does not know the request", Errno.ENOTTY),
            row(COPIES, DECLINE, "a swap file, or a program that is running", Errno.ETXTBSY),
            row(COPIES, DECLINE, "a security module that guards the call and not the file", Errno.EACCES),
            row(
                    COPIES,
                    DECLINE_FOR_GOOD,
                    "seccomp or an old container runtime, which also refuse descriptor -1; but an immutable file and CIFS,"
                            + " which do not get to see it, mean this pair only",
                    Errno.EPERM),
            row(COPIES, DECLINE_FOR_GOOD, "no such call in this kernel, or filtered", Errno.ENOSYS),
            row(
                    Call.FICLONERANGE,
                    DECLINE,
                    "CIFS, stacked file systems and those with limits of their own for clones; all of the range is shared or"
                            + " nothing, so that read + write finds out what is wrong",
                    Errno.EBADF,
                    Errno.EISDIR,
                    Errno.ENOENT,
                    Errno.EIO,
                    Errno.EFBIG,
                    Errno.EOVERFLOW),
            row(
                    Call.COPY_FILE_RANGE,
                    DECLINE,
                    FAIL,
                    "a target that is open for append (EBADF), CIFS and stacked file systems (EISDIR, ENOENT, EIO), smaller"
                            + " limits for copies than for writes (EFBIG, EOVERFLOW); behind the first byte the call has"
                            + " proved to work, so that these are what they say",
                    Errno.EBADF,
                    Errno.EISDIR,
                    Errno.ENOENT,
                    Errno.EIO,
                    Errno.EFBIG,
                    Errno.EOVERFLOW),
            row(
                    EnumSet.of(Call.SENDFILE, Call.SPLICE),
                    WAIT,
                    "an end is not ready; the call says not which",
                    Errno.EAGAIN),

            // Reads and writes.
            row(EnumSet.of(Call.READ, Call.WRITE), WAIT, "the end is not ready", Errno.EAGAIN),
            row(Call.RWF_NOWAIT, WAIT, "the end is not ready", Errno.EAGAIN),
            row(
                    Call.RWF_NOWAIT,
                    WITHOUT_FLAG,
                    "pipes and sockets of kernels before 6.4 (EOPNOTSUPP), C libraries and filters that know older calls alone"
                            + " (ENOSYS, EPERM), which those repeat if it is meant for the descriptor",
                    Errno.EOPNOTSUPP,
                    Errno.ENOSYS,
                    Errno.EPERM),
            row(
                    Call.RWF_DONTCACHE,
                    WITHOUT_FLAG,
                    "kernels before 6.14 and file systems without it refuse before anything is written (EOPNOTSUPP, EINVAL),"
                            + " filters refuse the call (ENOSYS, EPERM)",
                    Errno.EOPNOTSUPP,
                    Errno.ENOSYS,
                    Errno.EINVAL,
                    Errno.EPERM),

            // Sends from memory in place.
            row(Call.SEND_ZEROCOPY, WAIT, "the socket has no room", Errno.EAGAIN),
            row(
                    Call.SEND_ZEROCOPY,
                    WITHOUT_FLAG,
                    "too many sends outstanding, or more memory pinned than RLIMIT_MEMLOCK allows (ENOBUFS), or memory that"
                            + " cannot be pinned (EFAULT)",
                    Errno.ENOBUFS,
                    Errno.EFAULT),
            row(Call.SO_ZEROCOPY, DECLINE, "a socket that has no such option, or not now: memory is written as always"),

            // Past the page cache.
            row(
                    Call.OPEN_DIRECT,
                    DECLINE,
                    "file systems refuse it with EINVAL, sandboxes /proc with others: all of it is optional"),
            row(
                    Call.DIRECT_PWRITE,
                    DECLINE,
                    WITHOUT_FLAG,
                    "a file system that opens such files and does not write them; later, the block in which a limit of the"
                            + " file's size ends, see setrlimit(2), of which a part can be written through the cache alone",
                    Errno.EINVAL),
            row(
                    EnumSet.of(Call.DIRECT_PREAD, Call.DIRECT_PWRITE),
                    DECLINE,
                    FAIL,
                    "a file system that opens such files and does not read or write them (EINVAL, EOPNOTSUPP), a ring that can"
                            + " have no thread (ECANCELED)",
                    Errno.EINVAL,
                    Errno.EOPNOTSUPP,
                    Errno.ECANCELED),
            row(
                    Call.DIRECT_PREAD_AT_END,
                    RETRY,
                    "for the bytes that the file still has, if it was cut after its size was read; else a failure",
                    Errno.EIO),
            row(Call.DIRECT_FILE_PWRITE, WITHOUT_FLAG, "as above, and nothing else can write it", Errno.EINVAL),
            row(
                    Call.IO_URING_SETUP,
                    DECLINE,
                    "no memory for now, or RLIMIT_MEMLOCK is reached: asked again by the next transfer",
                    Errno.ENOMEM),
            row(
                    Call.IO_URING_SETUP,
                    DECLINE,
                    "no descriptor or process for now: asked again by the next transfer",
                    Errno.EMFILE,
                    Errno.ENFILE,
                    Errno.EAGAIN),
            row(
                    Call.IO_URING_SETUP,
                    DECLINE_FOR_GOOD,
                    "switched off by kernel.io_uring_disabled, or filtered by seccomp or a security module",
                    Errno.EPERM,
                    Errno.EACCES),
            row(Call.IO_URING_SETUP, DECLINE_FOR_GOOD, "no such call in this kernel: no file has a part in it"),
            row(Call.IO_URING_BUFFERS, WITHOUT_FLAG, "RLIMIT_MEMLOCK of old kernels: buffers serve unregistered, too"),
            row(
                    Call.IO_URING_ENTER,
                    WAIT,
                    "no memory for requests: those that run give theirs back",
                    Errno.EAGAIN,
                    Errno.EBUSY),
            row(
                    Call.IO_URING_COMPLETION,
                    RETRY,
                    "for the kernel's own reasons, such as the end of the thread that had started it: some times more, by a"
                            + " worker of the kernel",
                    Errno.EINTR,
                    Errno.EAGAIN,
                    Errno.ECANCELED),

            // Calls that prepare other calls.
            row(Call.PIPE2, DECLINE, "no descriptor or no room for a pipe: copy instead of failing"),
            row(
                    Call.SETFL,
                    DECLINE,
                    "a copy call could wait inside the kernel, where nothing ends it; an end's own reads and writes, behind"
                            + " which nothing stands, fail"),
            row(
                    Call.POLL,
                    RETRY,
                    "a signal, or no memory for now: nothing is known to be ready",
                    Errno.EINTR,
                    Errno.EAGAIN),
            row(Call.SEEK_DATA, END, "a hole up to the end, or the end has come nearer", Errno.ENXIO),
            row(Call.SEEK_DATA, DECLINE, "holes are not looked for: they are read as the zeros that they are"),
            row(
                    Call.SEEK_CUR,
                    DECLINE,
                    "a virtual file without positions, such as trace_pipe, is read as a device is",
                    Errno.ESPIPE),

            // Names of files.
            row(Call.OPEN_FIFO, WAIT, "nobody reads it yet, see fifo(7)", Errno.ENXIO),
            row(Call.LOOK_UP, MISSING, "a new target, a file that was made, or one that was removed", Errno.ENOENT),
            row(
                    Call.LOOK_UP,
                    DECLINE,
                    "old kernels (EINVAL) and filters (ENOSYS, EPERM) refuse the call, not the file: the JDK opens it",
                    Errno.ENOSYS,
                    Errno.EPERM,
                    Errno.EINVAL),
            row(
                    Call.OPEN_UNNAMED,
                    WITHOUT_FLAG,
                    "file systems without it (EOPNOTSUPP, EINVAL), kernels before 3.11, which see a folder that is opened for"
                            + " writing (EISDIR, ENOENT), filters (ENOSYS, EPERM): see open(2)",
                    Errno.EOPNOTSUPP,
                    Errno.EISDIR,
                    Errno.EINVAL,
                    Errno.ENOENT,
                    Errno.ENOSYS,
                    Errno.EPERM),
            row(Call.MKDIR, RETRY, "under another name", Errno.EEXIST),
            row(Call.LINK, EXISTS, "only rename(2) replaces a file", Errno.EEXIST),
            row(
                    Call.RENAME_NEW,
                    WITHOUT_FLAG,
                    "a file system (EINVAL), or a kernel before 3.15 (ENOSYS), without RENAME_NOREPLACE",
                    Errno.EINVAL,
                    Errno.ENOSYS),
            row(Call.ANY_CALL, RETRY, "a signal, before anything was done", Errno.EINTR));

    private static final int ERRNOS = 134; // errnos of the processors in Abi, and one for all later ones
    private static final Outcome[] FIRST = outcomes(true);
    private static final Outcome[] LATER = outcomes(false);

    private ErrnoTable() {}

    private static Row row(Call call, Outcome always, String reason, Integer... errnos) {
        return row(EnumSet.of(call), always, always, reason, errnos);
    }

    private static Row row(Set<Call> calls, Outcome always, String reason, Integer... errnos) {
        return row(calls, always, always, reason, errnos);
    }

    private static Row row(Call call, Outcome first, Outcome later, String reason, Integer... errnos) {
        return row(EnumSet.of(call), first, later, reason, errnos);
    }

    private static Row row(Set<Call> calls, Outcome first, Outcome later, String reason, Integer... errnos) {
        return new Row(calls, List.of(errnos), first, later, reason);
    }

    private static Outcome[] outcomes(boolean first) {
        Outcome[] outcomes = new Outcome[Call.values().length * ERRNOS];
        Arrays.fill(outcomes, FAIL);
        for (int i = ROWS.size() - 1; i >= 0; i--) { // backwards, so that the first matching row stays
            Row row = ROWS.get(i);
            Outcome outcome = first ? row.first() : row.later();
            for (Call call : row.calls()) {
                int from = call.ordinal() * ERRNOS;
                if (row.errnos().isEmpty()) {
                    Arrays.fill(outcomes, from, from + ERRNOS, outcome);
                }
                for (int errno : row.errnos()) {
                    outcomes[from + errno] = outcome;
                }
            }
        }
        return outcomes;
    }

    /** All rows, in their order. */
    public static List<Row> rows() {
        return ROWS;
    }

    /**
     * Looks up the meaning of a call's error.
     *
     * @param call the call
     * @param result its negative result
     * @param moved whether its mechanism has moved any byte of the transfer
     */
    public static Outcome of(Call call, long result, boolean moved) {
        int errno = (int) Math.min(-result, ERRNOS - 1);
        return (moved ? LATER : FIRST)[call.ordinal() * ERRNOS + errno];
    }

    /** Whether a call answered that its end is not ready; false if it succeeded. */
    public static boolean waits(Call call, long result) {
        return result < 0 && of(call, result, true) == WAIT;
    }

    /** Whether a call refused a flag, and can be repeated without it. */
    public static boolean isWithoutFlag(Call call, long result) {
        return result < 0 && of(call, result, true) == WITHOUT_FLAG;
    }

    /** The reason of the row that says what a call's error means; empty if it is in no row. */
    public static String reason(Call call, long result) {
        for (Row row : ROWS) {
            if (row.calls().contains(call)
                    && (row.errnos().isEmpty() || row.errnos().contains((int) -result))) {
                return row.reason();
            }
        }
        return "";
    }

    /** Whether no file has the name that a call was given. */
    public static boolean isMissing(Call call, long result) {
        return result < 0 && of(call, result, false) == MISSING;
    }

    /**
     * Whether a call exists, by its answer for descriptor -1: if the call is missing or filtered, nothing checks the
     * descriptor.
     */
    public static boolean exists(long resultForNoDescriptor) {
        return resultForNoDescriptor >= 0 || resultForNoDescriptor == -Errno.EBADF;
    }
}
