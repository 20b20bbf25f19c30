package io.zerocopy.linux.internal.model;

import io.zerocopy.Mechanism;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.EndpointKind;
import java.util.ArrayList;
import java.util.List;

/**
 * One scripted transfer and its faults; {@link FaultScripts} generates them.
 *
 * @param number the script's number for a seed
 * @param chance a seed for all other random choices
 * @param pair ends and mechanism
 * @param shape the bytes
 * @param session true if a caller advances a session; false if the transfer itself waits
 * @param faults the faults
 * @param cell the fault that must happen; null if all faults are random
 */
public record FaultScript(
        int number, long chance, Pair pair, Shape shape, boolean session, List<Fault> faults, Fault cell) {
    /** The special property of a transfer. */
    enum Manner {
        /** Nothing. */
        PLAIN,
        /** The positions of two files differ by a part of a block. */
        SKEWED,
        /** There are bytes before and after those of the source. */
        ACCOMPANIED,
        /** Several blocks are under way at once. */
        DEEP
    }

    /**
     * The ends, and the first mechanism.
     *
     * @param source kind of the source
     * @param target kind of the target
     * @param first the mechanism to begin with
     * @param manner the special property in scripts without random choices
     */
    public record Pair(EndpointKind source, EndpointKind target, Mechanism first, Manner manner) {
        public Pair(EndpointKind source, EndpointKind target, Mechanism first) {
            this(source, target, first, Manner.PLAIN);
        }

        boolean fromFlow() {
            return source != EndpointKind.FILE && source != EndpointKind.MEMORY;
        }

        boolean toFlow() {
            return target != EndpointKind.FILE;
        }
    }

    /**
     * The bytes, and their portions.
     *
     * @param skip bytes of a file as source that are skipped
     * @param at the position and the end of a file as target
     * @param size bytes of the source
     * @param count the most bytes of the source that are requested
     * @param header bytes before them
     * @param trailer bytes after them
     * @param pace the most bytes of one call
     * @param chunk the most bytes of one step of a session; 0 for the default
     * @param steps after which a session is cancelled; 0 for never
     */
    public record Shape(
            int skip, int at, int size, int count, int header, int trailer, int pace, int chunk, int steps) {
        Shape withSize(int bytes) {
            return new Shape(skip, at, bytes, count, header, trailer, pace, chunk, steps);
        }

        Shape alone() {
            return new Shape(skip, at, size, count, 0, 0, pace, chunk, steps);
        }
    }

    /** How a call goes wrong. */
    enum Way {
        /** It moves at most {@code value} bytes. */
        SHORT,
        /** It fails with this errno. */
        FAIL,
        /** The source has no bytes for {@code value} checks. */
        SOURCE_WAITS,
        /** The target has no room for {@code value} checks. */
        TARGET_WAITS,
        /** {@code value} waits end with a signal. */
        INTERRUPTED,
        /**
         * From here on, copies inside the kernel find no bytes in the source until it is read. They answer 0; or
         * EAGAIN, if the end waits and {@code value} is odd.
         */
        UNSEEN,
        /** The source ends after the bytes that were taken; or the file was cut there, or {@code value} bytes later. */
        END
    }

    /**
     * A call that goes wrong.
     *
     * @param call its index among the calls that move bytes or prepare for that
     * @param way how it goes wrong
     * @param value bytes, errno or a number of times
     */
    public record Fault(int call, Way way, int value) {
        @Override
        public String toString() {
            return call + ":" + way + (way == Way.FAIL ? " " + Errno.text(value) : " " + value);
        }
    }

    /** Bytes of the longest source. */
    static final int MOST = 3 << 20;

    /** Whether this kernel has rings; {@code DIRECT_IO} uses one if it can. */
    boolean rings() {
        return pair.first() == Mechanism.IO_URING || (chance & 2) == 0;
    }

    /**
     * Whether the mechanism must be required by name, because it would not be chosen for so few bytes, or another comes
     * first.
     */
    boolean required() {
        return pair.first() == Mechanism.MSG_ZEROCOPY || isWithoutFallback();
    }

    /** Whether the mechanism may decline without a fallback. */
    boolean isWithoutFallback() {
        return pair.equals(FaultScripts.FILE_THROUGH_PIPE);
    }

    /** Whether memory is on the heap. */
    boolean heap() {
        return (chance & 1) == 0;
    }

    /** Whether the caller had corked the socket. */
    boolean corked() {
        return pair.target() == EndpointKind.TCP && (chance & 0x30) == 0;
    }

    /** Whether the peer lets the kernel wait for it. */
    boolean slow() {
        return (chance & 4) == 0;
    }

    /** Whether others use the ends: owners who change the mode, and second channels over the descriptors. */
    boolean owned() {
        return (chance & 0x40) == 0;
    }

    /** Bytes of the source that are requested. */
    int wanted() {
        return Math.max(0, Math.min(shape.count(), shape.size() - shape.skip()));
    }

    /** The same script with one fault less. */
    FaultScript without(int index) {
        List<Fault> fewer = new ArrayList<>(faults);
        fewer.remove(index);
        return new FaultScript(number, chance, pair, shape, session, List.copyOf(fewer), null);
    }

    /** The same script over other bytes. */
    FaultScript with(Shape other) {
        return new FaultScript(number, chance, pair, other, session, faults, null);
    }
}
