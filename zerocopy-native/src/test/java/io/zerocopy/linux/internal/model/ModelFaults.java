package io.zerocopy.linux.internal.model;

import io.zerocopy.linux.internal.model.FaultScript.Fault;
import io.zerocopy.linux.internal.model.FaultScript.Way;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.EndpointKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What goes wrong in the {@link ModelKernel}, as a {@link FaultScript} says, and what a transfer may make of it: the errors'
 * meanings stand here once more, apart from those that the library goes by.
 */
final class ModelFaults {
    /** Errors by which every copy call says that a pair is not for it. */
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

    /** Errors by which ioctl(FICLONERANGE) and copy_file_range say so besides, before the first byte. */
    private static final Set<Integer> NOT_FOR_THESE_FILES =
            Set.of(Errno.EBADF, Errno.EISDIR, Errno.ENOENT, Errno.EIO, Errno.EFBIG, Errno.EOVERFLOW);

    /** Calls without which a transfer can do, whatever they say. */
    private static final Set<String> DISPENSABLE =
            Set.of("pipe2", "fcntl", "open", "recvmsg", "io_uring_setup", "io_uring_register", "mmap");

    private static final Set<Integer> PASSING = Set.of(Errno.EINTR, Errno.EAGAIN, Errno.ECANCELED);

    /** Where and when a call is made. */
    enum Place {
        /** An end that may have nothing, or no room. */
        FLOW,
        /** Files alone, which always answer. */
        FILES,
        /** A completion of a ring. */
        RING,
        /** A second try, or what is left of a transfer that has failed. */
        ANYWAY
    }

    private final FaultScript script;
    private final ModelKernel kernel;
    private final List<String> fired = new ArrayList<>();
    private int calls; // that move bytes, or prepare for it
    private boolean fatal; // a failure that nothing may hide
    private boolean cut; // whether the source is a file that has become shorter
    private boolean doubtful; // a failure that may be one, or may not
    private boolean met; // whether the fault that the story is told for has made a difference
    private int interrupts; // waits to end with a signal

    ModelFaults(FaultScript script, ModelKernel kernel) {
        this.script = script;
        this.kernel = kernel;
    }

    List<String> fired() {
        return fired;
    }

    /** A file that has been cut since may be complete without what could not be read of it. */
    boolean mustFail() {
        return fatal && !cut;
    }

    boolean mayFail() {
        return fatal || doubtful;
    }

    /** Whether a call was made that moves bytes, or prepares for it. */
    boolean hasBegun() {
        return calls > 0;
    }

    /** Whether the call was made that was to go wrong. */
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

    /** Takes note that an end was found not to be ready. */
    void hasWaited(boolean source) {
        met |= is(source ? Way.SOURCE_WAITS : Way.TARGET_WAITS);
    }

    /** Takes note that a copy has seen nothing of the source. */
    void hasSeenNothing() {
        met |= is(Way.UNSEEN);
    }

    private boolean is(Way way) {
        return script.cell() != null && script.cell().way() == way;
    }

    /** A negative errno that the script has for this call, or the most bytes that it moves. */
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
                    case UNSEEN -> kernel.source.hide(fault.value());
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

    /** Signals are the binding's business, and files are always ready. */
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
        if (errno == Errno.EAGAIN) { // nobody knows of which end
            kernel.source.refused = true;
            kernel.target.refused = true;
        } else if (place == Place.ANYWAY
                || name.equals("io_uring_enter")
                || (name.endsWith("(O_DIRECT)") && kernel.direct.several())) {
            doubtful = true; // of several blocks under way, what fails of those behind is done again
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
                NOT_FOR_THIS_PAIR.contains(errno) || (!moved && NOT_FOR_THESE_FILES.contains(errno));
            case "preadv2", "pwritev2" ->
                errno == Errno.EOPNOTSUPP || errno == Errno.ENOSYS || errno == Errno.EPERM; // by a sandbox
            case "sendmsg(MSG_ZEROCOPY)" -> errno == Errno.ENOBUFS || errno == Errno.EFAULT;
            case "pread(O_DIRECT)" -> !moved && (errno == Errno.EINVAL || errno == Errno.EOPNOTSUPP);
            case "pwrite(O_DIRECT)" -> errno == Errno.EINVAL || (!moved && errno == Errno.EOPNOTSUPP);
            default -> false;
        };
    }

    /** Ends the source, or cuts it so many bytes behind what was read of it; true if it has less now. */
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
