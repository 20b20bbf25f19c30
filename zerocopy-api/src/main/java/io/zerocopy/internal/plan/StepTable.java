package io.zerocopy.internal.plan;

import io.zerocopy.Mechanism;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How much one step of a mechanism moves at most: a column of {@link OrderTable} that is the same for all its rows,
 * except for targets in which a call may wait. The first row that fits is used. The loop requests no more, so a mover
 * needs no limit of its own, except a limit of its system call.
 *
 * <p>The time of a step is limited, see {@link #GOAL_NANOS}: the amount begins with {@link Row#first}, is doubled while
 * steps are fast, up to {@link Row#most}, and is reduced after a slow step. The figures are from BENCHMARK.md, unless a
 * row says otherwise.
 */
public final class StepTable {
    /**
     * One row.
     *
     * @param mechanisms the mechanisms of the row
     * @param waiting whether the row is only for targets in which a call may wait
     * @param first the most bytes of the first step
     * @param most the most bytes of any step
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
                    "a call returns only when all bytes are sent, even if the receiver is slow, and a foreign channel may"
                            + " do anything: interrupts and the deadline are checked between the calls"),
            new Row(
                    EnumSet.of(Mechanism.COPY_FILE_RANGE, Mechanism.SENDFILE, Mechanism.SPLICE, Mechanism.READ_WRITE),
                    false,
                    64 << 20,
                    64 << 20,
                    "they first check which bytes of a file are in memory, and begin with few if they are not; a larger"
                            + " amount saves nothing that could be measured"),
            new Row(
                    EnumSet.allOf(Mechanism.class),
                    false,
                    1 << 20,
                    64 << 20,
                    "even a network disk of a few MB/s moves the first amount in time; the most is as above"));

    /** A step should take no longer than twice this time, judged by the steps before. */
    public static final long GOAL_NANOS = 50_000_000;

    /** The smallest amount of a step, unless fewer bytes remain: a multiple of every device's block size. */
    public static final long LEAST = 64 << 10;

    /**
     * The most bytes that one {@code advance()} of a session moves before other sessions get their turn, unless the
     * caller sets another number: the default of nginx ({@code sendfile_max_chunk}).
     */
    public static final long FAIR_CHUNK = 2 << 20;

    /** The most bytes that a blocking run moves before it checks interrupts and the deadline. */
    public static final long BLOCKING_CHUNK = 64 << 20;

    /** The same if there is a progress listener: some hundred reports per second from a fast disk. */
    public static final long WATCHED_CHUNK = 8 << 20;

    /**
     * Bytes behind a transfer that are dropped from the page cache at once: large enough that the cost of the calls is
     * negligible, small enough not to evict pages of other files.
     */
    public static final long DROPPED_TOGETHER = 8 << 20;

    private StepTable() {}

    /**
     * The row of a mechanism.
     *
     * @param mechanism the mechanism; null if there is none, for example for a header without a body
     * @param target the facts of the target
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

    /** Whether a call without a no-wait flag may wait in this target. */
    private static boolean mayWait(EndpointFacts target) {
        EndpointKind kind = target.kind();
        boolean switchable = kind.isSocket() || kind == EndpointKind.PIPE;
        return !kind.isFile() && !(switchable && (!target.blocking() || target.descriptor()));
    }

    static List<Row> rows() {
        return ROWS;
    }
}
