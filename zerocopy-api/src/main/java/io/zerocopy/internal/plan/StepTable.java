package io.zerocopy.internal.plan;

import io.zerocopy.Mechanism;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How much one step of a mechanism is asked to move: the column of {@link OrderTable} that is the same for every row, but for
 * targets in which a call may wait. The first row that fits applies. The loop asks for no more, so that a mover has no limit
 * of its own but what its system call cannot do.
 *
 * <p>Time bounds a step, see {@link #GOAL_NANOS}: it begins with {@link Row#first}, doubles as long as steps are quick, up to
 * {@link Row#most}, and shrinks as soon as one was slow. Figures are those of BENCHMARK.md, unless a row says otherwise.
 */
public final class StepTable {
    /**
     * One row.
     *
     * @param mechanisms which mechanisms
     * @param waiting whether only for targets in which a call may wait
     * @param first bytes of the first step
     * @param most bytes of any step
     * @param reason why
     */
    public record Row(Set<Mechanism> mechanisms, boolean waiting, long first, long most, String reason) {}

    private static final List<Row> ROWS = List.of(
            new Row(
                    EnumSet.of(Mechanism.REFLINK),
                    false,
                    Long.MAX_VALUE,
                    Long.MAX_VALUE,
                    "extents are shared as a whole: a range that ends within a block is refused, unless the file ends there"),
            new Row(
                    EnumSet.of(Mechanism.MSG_ZEROCOPY),
                    false,
                    512 << 10,
                    512 << 10,
                    "enough to be worth a report, which arrives while the next send is under way: pinning 512 KiB takes 13 µs"
                            + " where copying takes 64 µs, and the report 2 µs"),
            new Row(
                    EnumSet.of(Mechanism.TRANSFER_TO),
                    true,
                    1 << 20,
                    1 << 20,
                    "a call returns only when all of it is sent, however slow the receiver is, and a foreign channel may do"
                            + " anything: interrupts and the deadline are looked at in between"),
            new Row(
                    EnumSet.of(Mechanism.COPY_FILE_RANGE, Mechanism.SENDFILE, Mechanism.SPLICE, Mechanism.READ_WRITE),
                    false,
                    64 << 20,
                    64 << 20,
                    "they look first at what of a file is in memory, and begin with little where it is not; more does not save"
                            + " anything that could be measured"),
            new Row(
                    EnumSet.allOf(Mechanism.class),
                    false,
                    1 << 20,
                    64 << 20,
                    "what a network disk of a few MB/s still moves in time; at most as above"));

    /** A step takes no longer than twice this, as far as the last ones can tell. */
    public static final long GOAL_NANOS = 50_000_000;

    /** No step is asked for less, but what is left: a whole number of blocks of every device. */
    public static final long LEAST = 64 << 10;

    /**
     * Bytes that one {@code advance()} of a session moves at most, unless the caller says otherwise, before others get their
     * turn: what nginx found fair ({@code sendfile_max_chunk}).
     */
    public static final long FAIR_CHUNK = 2 << 20;

    /** The same of a blocking run, before interrupts and the deadline are looked at. */
    public static final long BLOCKING_CHUNK = 64 << 20;

    /** The same where a listener watches: some hundred reports a second from a fast disk. */
    public static final long WATCHED_CHUNK = 8 << 20;

    /**
     * Bytes behind a transfer that are dropped from the page cache together: large enough for the calls to cost nothing, small
     * enough not to push out what others use.
     */
    public static final long DROPPED_TOGETHER = 8 << 20;

    private StepTable() {}

    /**
     * The row of a mechanism.
     *
     * @param mechanism which one; null where there is none, as for a header without a body
     * @param target where the bytes go
     */
    public static Row of(Mechanism mechanism, EndpointFacts target) {
        int last = ROWS.size() - 1;
        for (int i = 0; i < last; i++) {
            Row row = ROWS.get(i);
            if (row.mechanisms().contains(mechanism) && (!row.waiting() || mayWait(target))) {
                return row;
            }
        }
        return ROWS.get(last);
    }

    /** Whether a call that has no flag against waiting may wait inside this target. */
    private static boolean mayWait(EndpointFacts target) {
        EndpointKind kind = target.kind();
        boolean switchable = kind.isSocket() || kind == EndpointKind.PIPE;
        return !kind.isFile() && !(switchable && (!target.blocking() || target.descriptor()));
    }

    static List<Row> rows() {
        return ROWS;
    }
}
