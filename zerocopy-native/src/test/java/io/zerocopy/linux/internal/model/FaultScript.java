package io.zerocopy.linux.internal.model;

import io.zerocopy.Mechanism;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.EndpointKind;
import java.util.ArrayList;
import java.util.List;

/**
 * One small story of a transfer and of what goes wrong in it; {@link FaultScripts} tells them.
 *
 * @param number which one of a seed
 * @param chance what else is left to chance: a seed of its own
 * @param pair ends and mechanism
 * @param shape which bytes
 * @param session whether a caller advances it, or else it waits by itself
 * @param faults what goes wrong
 * @param cell the one of them that the story is told for and that has to be met; null where all is chance
 */
public record FaultScript(
        int number, long chance, Pair pair, Shape shape, boolean session, List<Fault> faults, Fault cell) {
    /** What is special about a transfer. */
    enum Manner {
        /** Nothing. */
        PLAIN,
        /** The positions of two files differ by a part of a block. */
        SKEWED,
        /** There are bytes before those of the source, and behind. */
        ACCOMPANIED,
        /** Several blocks are under way at once. */
        DEEP
    }

    /**
     * Between which ends, and by which mechanism at first.
     *
     * @param source kind of the source
     * @param target kind of the target
     * @param first the mechanism to begin with
     * @param manner what is special about it in the stories that leave nothing to chance
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
     * Which bytes, and in which portions.
     *
     * @param skip bytes of the source, a file, that are not asked for
     * @param at where the target, a file, stands and ends
     * @param size bytes of the source
     * @param count most bytes of it that are asked for
     * @param header bytes before them
     * @param trailer bytes behind them
     * @param pace bytes that any call moves at most
     * @param chunk bytes that one step of a session moves at most; 0 for as many as usual
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
        /** It moves at most so many bytes. */
        SHORT,
        /** It fails with this errno. */
        FAIL,
        /** The source has nothing for so many looks at it. */
        SOURCE_WAITS,
        /** The target has no room for so many looks at it. */
        TARGET_WAITS,
        /** So many waits end with a signal. */
        INTERRUPTED,
        /**
         * From here on copies inside the kernel see nothing of the source, until it is read: they answer 0, or, of an end that
         * waits, EAGAIN for an odd number.
         */
        UNSEEN,
        /** The source has ended at what has been taken of it; or was cut there, or so many bytes behind. */
        END
    }

    /**
     * A call that goes wrong.
     *
     * @param call its index among those that move bytes or prepare for it
     * @param way how
     * @param value bytes, errno or how often
     */
    public record Fault(int call, Way way, int value) {
        @Override
        public String toString() {
            return call + ":" + way + (way == Way.FAIL ? " " + Errno.text(value) : " " + value);
        }
    }

    /** Bytes of the longest source. */
    static final int MOST = 3 << 20;

    /** Whether this kernel has rings; direct I/O by its own name uses one where it can. */
    boolean rings() {
        return pair.first() == Mechanism.IO_URING || (chance & 2) == 0;
    }

    /** Whether the mechanism has to be asked for by name: it would not be chosen for so little, or before another. */
    boolean required() {
        return pair.first() == Mechanism.MSG_ZEROCOPY || isWithoutFallback();
    }

    /** Whether it is one that declines, and nothing stands behind it. */
    boolean isWithoutFallback() {
        return pair.equals(FaultScripts.FILE_THROUGH_PIPE);
    }

    /** Whether memory is on the heap. */
    boolean heap() {
        return (chance & 1) == 0;
    }

    /** Whether the caller had corked the socket by itself. */
    boolean corked() {
        return pair.target() == EndpointKind.TCP && (chance & 0x30) == 0;
    }

    /** Whether the peer lets the kernel wait for it. */
    boolean slow() {
        return (chance & 4) == 0;
    }

    /** Whether others have to do with the ends: owners who change the mode, and second channels over the descriptors. */
    boolean owned() {
        return (chance & 0x40) == 0;
    }

    /** Bytes of the source that are asked for. */
    int wanted() {
        return Math.max(0, Math.min(shape.count(), shape.size() - shape.skip()));
    }

    /** The same story with one thing less that goes wrong. */
    FaultScript without(int index) {
        List<Fault> fewer = new ArrayList<>(faults);
        fewer.remove(index);
        return new FaultScript(number, chance, pair, shape, session, List.copyOf(fewer), null);
    }

    /** The same story over other bytes. */
    FaultScript with(Shape other) {
        return new FaultScript(number, chance, pair, other, session, faults, null);
    }
}
