package io.zerocopy.linux.internal.model;

import io.zerocopy.linux.internal.model.FaultScript.Fault;
import io.zerocopy.linux.internal.model.FaultScript.Way;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.EndpointKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The faults of the {@link ModelKernel} from a {@link FaultScript}, and the allowed reactions of a transfer: the
 * errors' meanings are written here a second time, independent of the library's table.
 */
final class ModelFaults {
    /** Errors with which every copy call refuses a pair of ends. */
    private static final Set<Integer> NOT_FOR_THIS_PAIR = Set.of(
            Errno.EINVAL,
            Errno.EXDEV,
            Errno.EOPNOTSUPP,
            Errno.ENOTSOCK,
            Errno.ENOTTY,
            Errno.ETXTBSY,
            Errno.EPERM,
            Errno.EACCES,
            Errno.ENOSYS);

    /** Further errors with which ioctl(FICLONERANGE) and copy_file_range refuse a pair, before the first byte. */
    private static final Set<Integer> NOT_FOR_THESE_FILES =
            Set.of(Errno.EBADF, Errno.EISDIR, Errno.ENOENT, Errno.EIO, Errno.EFBIG, Errno.EOVERFLOW);

    /** Optional calls: a transfer continues after any error of them. */
    private static final Set<String> DISPENSABLE =
            Set.of("pipe2", "fcntl", "open", "recvmsg", "io_uring_setup", "io_uring_register", "mmap");

    private static final Set<Integer> PASSING = Set.of(Errno.EINTR, Errno.EAGAIN, Errno.ECANCELED);

    /** The place and time of a call. */
    enum Place {
        /** An end that may have no bytes, or no room. */
        FLOW,
        /** Only files, which always answer. */
        FILES,
        /** A completion of a ring. */
        RING,
        /** A second try, or the rest of a transfer that has failed. */
        ANYWAY
    }

    private final FaultScript script;
    private final ModelKernel kernel;
    private final List<String> fired = new ArrayList<>();
    private int calls; // calls that move bytes, or prepare for that
    private boolean fatal; // a failure that must be reported
    private boolean cut; // whether the source is a file that has become shorter
    private boolean doubtful; // an error that may or may not be a failure
    private boolean met; // whether the script's main fault has had an effect
    private int interrupts; // waits to end with a signal

    ModelFaults(FaultScript script, ModelKernel kernel) {
        this.script = script;
        this.kernel = kernel;
    }

    List<String> fired() {
        return fired;
    }

    /** A file that was cut meanwhile may be complete without the bytes that could not be read. */
    boolean mustFail() {
        return fatal && !cut;
    }

    boolean mayFail() {
        return fatal || doubtful;
    }

    /** Whether a call that moves bytes, or prepares for that, was made. */
    boolean hasBegun() {
        return calls > 0;
    }

    /** Whether the call of the fault was made. */
    boolean isReached() {
        return script.cell() == null || calls > script.cell().call();
    }

    boolean isMet() {
        return met;
    }

    boolean isInterrupted() {
        if (interrupts > 0) {
            interrupts--;
            met |= is(Way.INTERRUPTED);
            return true;
        }
        return false;
    }

    /** Notes that an end was not ready. */
    void hasWaited(boolean source) {
        met |= is(source ? Way.SOURCE_WAITS : Way.TARGET_WAITS);
    }

    /** Notes that a copy has found no bytes in the source. */
    void hasSeenNothing() {
        met |= is(Way.UNSEEN);
    }

    private boolean is(Way way) {
        return script.cell() != null && script.cell().way() == way;
    }

    /** The script's negative errno for this call, or the most bytes that the call moves. */
    long of(String name, Place place) {
        int index = calls++;
        long most = script.shape().pace() == Integer.MAX_VALUE
                ? Long.MAX_VALUE
                : script.shape().pace();
        for (Fault fault : script.faults()) {
            if (fault.call() == index) {
                switch (fault.way()) {
                    case SHORT -> {
                        most = Math.min(most, fault.value());
                        met |= fault.equals(script.cell()) && !DISPENSABLE.contains(name);
                    }
                    case SOURCE_WAITS -> kernel.source.waits += kernel.source.isFile() ? 0 : fault.value();
                    case TARGET_WAITS -> kernel.target.waits += kernel.target.isFile() ? 0 : fault.value();
                    case INTERRUPTED -> interrupts += fault.value();
                    case UNSEEN -> {
                        kernel.source.hide(fault.value());
                        met |= fault.equals(script.cell()) && name.startsWith("read"); // a plain read ends it at once
                    }
                    case END -> met |= end(fault.value());
                    case FAIL -> {
                        if (isPossible(fault.value(), name, place)) {
                            met |= fault.equals(script.cell());
                            return failed(fault.value(), name, place);
                        }
                    }
                    default -> throw new AssertionError(fault);
                }
            }
        }
        return most;
    }

    /** The binding handles signals, and files are always ready. */
    private static boolean isPossible(int errno, String name, Place place) {
        return switch (errno) {
            case Errno.EINTR, Errno.ECANCELED -> place == Place.RING;
            case Errno.EAGAIN ->
                place != Place.FILES && (place == Place.RING || !name.endsWith("(O_DIRECT)") && !name.equals("open"));
            default -> true;
        };
    }

    private long failed(int errno, String name, Place place) {
        fired.add(name + ": " + Errno.text(errno));
        if (errno == Errno.EAGAIN) { // it is unknown which end
            kernel.source.refused = true;
            kernel.target.refused = true;
        } else if (place == Place.ANYWAY
                || name.equals("io_uring_enter")
                || (name.endsWith("(O_DIRECT)") && kernel.direct.several())) {
            doubtful = true; // if several blocks are under way, failed later ones are done again
        } else {
            fatal |= !goesOn(errno, name, place);
        }
        return -errno;
    }

    private boolean goesOn(int errno, String name, Place place) {
        if (DISPENSABLE.contains(name) || (place == Place.RING && PASSING.contains(errno))) {
            return true;
        }
        boolean moved = kernel.delivered() > script.shape().header();
        return switch (name) {
            case "splice", "sendfile" -> NOT_FOR_THIS_PAIR.contains(errno);
            case "ioctl", "copy_file_range" ->
                NOT_FOR_THIS_PAIR.contains(errno)
                        || (!moved && NOT_FOR_THESE_FILES.contains(errno))
                        || (errno == Errno.EIO && name.equals("copy_file_range")); // a read and a write will tell
            case "preadv2", "pwritev2" ->
                errno == Errno.EOPNOTSUPP || errno == Errno.ENOSYS || errno == Errno.EPERM; // by a sandbox
            case "sendmsg(MSG_ZEROCOPY)" -> errno == Errno.ENOBUFS || errno == Errno.EFAULT;
            case "pread(O_DIRECT)" -> !moved && (errno == Errno.EINVAL || errno == Errno.EOPNOTSUPP);
            case "pwrite(O_DIRECT)" -> errno == Errno.EINVAL || (!moved && errno == Errno.EOPNOTSUPP);
            default -> false;
        };
    }

    /** Ends the source, or cuts it {@code behind} bytes after the bytes that were read; true if it has less now. */
    private boolean end(int behind) {
        if (script.pair().source() == EndpointKind.MEMORY) {
            return false;
        }
        ModelChannel source = kernel.source;
        int before = source.size;
        source.size = Math.min(before, source.isFile() ? source.highest + behind : source.position);
        cut |= source.isFile() && source.size < before;
        return source.size < before;
    }
}
