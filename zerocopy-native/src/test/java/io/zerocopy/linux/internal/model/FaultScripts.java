package io.zerocopy.linux.internal.model;

import io.zerocopy.Mechanism;
import io.zerocopy.linux.internal.memory.AlignedBlock;
import io.zerocopy.linux.internal.model.FaultScript.Fault;
import io.zerocopy.linux.internal.model.FaultScript.Manner;
import io.zerocopy.linux.internal.model.FaultScript.Pair;
import io.zerocopy.linux.internal.model.FaultScript.Shape;
import io.zerocopy.linux.internal.model.FaultScript.Way;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.EndpointKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Generates {@link FaultScript}s. The first ones have no random choices: every pair under every fault at each of its
 * first calls, in a session and without one, at a pace that gives so many calls. All others are random. A seed and a
 * number determine the whole script.
 */
final class FaultScripts {
    /** The number of calls of a transfer that each fail in every way. */
    static final int CALLS = 21;

    private static final int SHORTEST = 10;

    static final Pair FILE_THROUGH_PIPE = new Pair(EndpointKind.FILE, EndpointKind.TCP, Mechanism.SPLICE);

    private static final List<Pair> PAIRS = List.of(
            new Pair(EndpointKind.FILE, EndpointKind.FILE, Mechanism.REFLINK),
            new Pair(EndpointKind.FILE, EndpointKind.FILE, Mechanism.COPY_FILE_RANGE),
            new Pair(EndpointKind.FILE, EndpointKind.FILE, Mechanism.SENDFILE),
            new Pair(EndpointKind.FILE, EndpointKind.FILE, Mechanism.READ_WRITE),
            new Pair(EndpointKind.FILE, EndpointKind.TCP, Mechanism.SENDFILE),
            new Pair(EndpointKind.FILE, EndpointKind.UNIX, Mechanism.READ_WRITE),
            new Pair(EndpointKind.FILE, EndpointKind.PIPE, Mechanism.SPLICE),
            new Pair(EndpointKind.FILE, EndpointKind.PIPE, Mechanism.SENDFILE),
            FILE_THROUGH_PIPE,
            new Pair(EndpointKind.FILE, EndpointKind.FILE, Mechanism.DIRECT_IO),
            new Pair(EndpointKind.FILE, EndpointKind.FILE, Mechanism.IO_URING),
            new Pair(EndpointKind.FILE, EndpointKind.TCP, Mechanism.DIRECT_IO),
            new Pair(EndpointKind.TCP, EndpointKind.FILE, Mechanism.DIRECT_IO),
            new Pair(EndpointKind.PIPE, EndpointKind.FILE, Mechanism.DIRECT_IO),
            new Pair(EndpointKind.MEMORY, EndpointKind.FILE, Mechanism.DIRECT_IO),
            new Pair(EndpointKind.TCP, EndpointKind.TCP, Mechanism.SPLICE),
            new Pair(EndpointKind.TCP, EndpointKind.FILE, Mechanism.SPLICE),
            new Pair(EndpointKind.UNIX, EndpointKind.TCP, Mechanism.SPLICE),
            new Pair(EndpointKind.UNIX, EndpointKind.FILE, Mechanism.READ_WRITE),
            new Pair(EndpointKind.TCP, EndpointKind.UNIX, Mechanism.READ_WRITE),
            new Pair(EndpointKind.PIPE, EndpointKind.FILE, Mechanism.SPLICE),
            new Pair(EndpointKind.PIPE, EndpointKind.TCP, Mechanism.SPLICE),
            new Pair(EndpointKind.PIPE, EndpointKind.PIPE, Mechanism.SPLICE),
            new Pair(EndpointKind.TCP, EndpointKind.PIPE, Mechanism.SPLICE),
            new Pair(EndpointKind.MEMORY, EndpointKind.TCP, Mechanism.MSG_ZEROCOPY),
            new Pair(EndpointKind.MEMORY, EndpointKind.TCP, Mechanism.GATHER_WRITE),
            new Pair(EndpointKind.MEMORY, EndpointKind.FILE, Mechanism.GATHER_WRITE),
            new Pair(EndpointKind.FILE, EndpointKind.FILE, Mechanism.DIRECT_IO, Manner.SKEWED),
            new Pair(EndpointKind.TCP, EndpointKind.FILE, Mechanism.DIRECT_IO, Manner.ACCOMPANIED),
            new Pair(EndpointKind.FILE, EndpointKind.TCP, Mechanism.SENDFILE, Manner.ACCOMPANIED),
            new Pair(EndpointKind.FILE, EndpointKind.TCP, Mechanism.GATHER_WRITE, Manner.ACCOMPANIED),
            new Pair(EndpointKind.TCP, EndpointKind.TCP, Mechanism.SPLICE, Manner.ACCOMPANIED),
            new Pair(EndpointKind.PIPE, EndpointKind.TCP, Mechanism.SPLICE, Manner.ACCOMPANIED),
            new Pair(EndpointKind.MEMORY, EndpointKind.TCP, Mechanism.MSG_ZEROCOPY, Manner.ACCOMPANIED));

    /** Mechanisms that do not read the source. */
    private static final Set<Mechanism> COPIES =
            EnumSet.of(Mechanism.COPY_FILE_RANGE, Mechanism.SENDFILE, Mechanism.SPLICE);

    private static final int[] SIZES = {0, 1, 7, 511, 512, 4095, 4096, 4097, 9000, 65_535, 65_536, 65_537, 150_000};

    private static final int[] ERRORS = {
        Errno.EINVAL,
        Errno.EXDEV,
        Errno.EOPNOTSUPP,
        Errno.ENOTSOCK,
        Errno.ENOTTY,
        Errno.ETXTBSY,
        Errno.EACCES,
        Errno.ENOENT,
        Errno.EISDIR,
        Errno.EIO,
        Errno.EFBIG,
        Errno.EOVERFLOW,
        Errno.EBADF,
        Errno.EPERM,
        Errno.ENOSYS,
        Errno.EAGAIN,
        Errno.EINTR,
        Errno.ECANCELED,
        Errno.ENOSPC,
        Errno.EDQUOT,
        Errno.EPIPE,
        Errno.ECONNRESET,
        Errno.ENOBUFS,
        Errno.EFAULT,
        Errno.ENOMEM
    };

    private static final int[] IN_A_ROW = {Errno.ECONNRESET, Errno.EINVAL, Errno.EAGAIN};

    /**
     * The place of a fault.
     *
     * @param pair the ends and the mechanism
     * @param fault the fault that must happen
     * @param then an errno with which one or many later calls fail, after a call that moved a byte; 0 for none
     */
    private record Cell(Pair pair, Fault fault, int then) {
        Cell(Pair pair, Fault fault) {
            this(pair, fault, 0);
        }
    }

    private static final List<Cell> CELLS = cells();

    private FaultScripts() {}

    /** How many scripts, from the first one on, have no random choices. */
    static int certain() {
        return 2 * CELLS.size();
    }

    static FaultScript of(long seed, int number) {
        Random random = new Random((seed * 1_000_003 + number) * 0x9E3779B97F4A7C15L);
        return number < certain()
                ? certain(number, CELLS.get(number / 2), number % 2 == 0, random)
                : chance(number, random);
    }

    private static List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (Pair pair : PAIRS) {
            for (int call = 0; call < CALLS; call++) {
                for (int errno : ERRORS) {
                    cells.add(new Cell(pair, new Fault(call, Way.FAIL, errno)));
                }
                cells.add(new Cell(pair, new Fault(call, Way.FAIL, Errno.EAGAIN), Errno.EAGAIN));
                cells.add(new Cell(pair, new Fault(call, Way.FAIL, Errno.EINVAL), Errno.ENOSPC));
                for (int errno : IN_A_ROW) {
                    cells.add(new Cell(pair, new Fault(call, Way.FAIL, errno), Errno.EINVAL));
                    cells.add(new Cell(pair, new Fault(call, Way.FAIL, errno), Errno.EIO));
                }
                for (int bytes = 1; bytes <= SHORTEST; bytes++) {
                    cells.add(new Cell(pair, new Fault(call, Way.SHORT, bytes)));
                }
                for (int times = 1; times <= 3; times++) {
                    for (Way way : List.of(Way.SOURCE_WAITS, Way.TARGET_WAITS, Way.INTERRUPTED)) {
                        boolean possible = way == Way.SOURCE_WAITS
                                ? pair.fromFlow()
                                : way == Way.TARGET_WAITS ? pair.toFlow() : pair.fromFlow() || pair.toFlow();
                        if (possible) {
                            cells.add(new Cell(pair, new Fault(call, way, times)));
                        }
                    }
                }
                if (COPIES.contains(pair.first())) {
                    cells.add(new Cell(pair, new Fault(call, Way.UNSEEN, 0)));
                    cells.add(new Cell(pair, new Fault(call, Way.UNSEEN, 1)));
                }
                if (pair.source() != EndpointKind.MEMORY) {
                    cells.add(new Cell(pair, new Fault(call, Way.END, 0)));
                    cells.add(new Cell(pair, new Fault(call, Way.END, 3)));
                }
            }
        }
        cells.addAll(deepCells());
        return cells;
    }

    /** From the call on at which a ring exists, several blocks are under way; their order is random. */
    private static List<Cell> deepCells() {
        List<Cell> cells = new ArrayList<>();
        Pair pair = new Pair(EndpointKind.FILE, EndpointKind.FILE, Mechanism.IO_URING, Manner.DEEP);
        for (int call = 12; call < CALLS; call++) {
            for (int times = 0; times < 4; times++) {
                cells.add(new Cell(pair, new Fault(call, Way.FAIL, Errno.EIO)));
                cells.add(new Cell(pair, new Fault(call, Way.FAIL, Errno.EIO), Errno.ENOMEM));
                cells.add(new Cell(pair, new Fault(call, Way.FAIL, Errno.EINVAL)));
                cells.add(new Cell(pair, new Fault(call, Way.SHORT, 1000)));
            }
        }
        return cells;
    }

    /** A script whose fault must happen: calls move so few bytes that there are enough calls. */
    private static FaultScript certain(int number, Cell cell, boolean session, Random random) {
        Pair pair = cell.pair();
        int pace = SHORTEST + 2 + random.nextInt(random.nextBoolean() ? 60 : 700);
        boolean direct = pair.first() == Mechanism.DIRECT_IO || pair.first() == Mechanism.IO_URING;
        int size = (CALLS + 3) * (direct ? pace + ModelDirect.BLOCK - 1 & -ModelDirect.BLOCK : pace)
                + random.nextInt(pace);
        if (pair.manner() == Manner.DEEP) {
            pace = Integer.MAX_VALUE;
            size = 5 * AlignedBlock.CAPACITY + random.nextInt(1000);
        }
        List<Fault> faults = new ArrayList<>();
        int call = cell.fault().call();
        if (pair.first() == Mechanism.REFLINK) {
            size = Math.max(size, 4097) + (size % 4096 == 0 ? 1 : 0); // an odd end, which is tried twice
            for (int refused = 0; refused < Math.min(call, 2); refused++) {
                faults.add(new Fault(refused, Way.FAIL, Errno.EINVAL));
            }
        }
        faults.addAll(row(cell));
        faults.add(cell.fault());
        if (cell.fault().way() == Way.INTERRUPTED) {
            faults.add(new Fault(call, pair.fromFlow() ? Way.SOURCE_WAITS : Way.TARGET_WAITS, 30));
        }
        int skip = pair.manner() == Manner.SKEWED ? 1 + random.nextInt(511) : 0;
        int around = pair.manner() == Manner.ACCOMPANIED ? 1 + random.nextInt(40) : 0;
        int beyond = pair.source() != EndpointKind.MEMORY && random.nextBoolean() ? 1 + random.nextInt(200) : 0;
        Shape shape = new Shape(skip, 0, skip + size + beyond, size, around, around, pace, 0, 0);
        boolean waits = cell.fault().way() == Way.INTERRUPTED; // a session leaves waits to its caller
        return new FaultScript(
                number, random.nextLong(), pair, shape, session && !waits, List.copyOf(faults), cell.fault());
    }

    /** The faults around the fault of a cell. */
    private static List<Fault> row(Cell cell) {
        List<Fault> row = new ArrayList<>();
        int call = cell.fault().call();
        if (cell.then() == Errno.ENOSPC) { // among the bytes that a declined mechanism has handed over
            row.add(new Fault(call + 2, Way.SHORT, 1));
            row.add(new Fault(call + 3, Way.FAIL, cell.then()));
        } else if (cell.then() > 0) {
            row.add(new Fault(call - 1, Way.SHORT, 1)); // so that there is something in between
            int times = cell.pair().manner() == Manner.DEEP ? CALLS : 1;
            for (int next = call + 1; next <= call + times; next++) {
                row.add(new Fault(next, Way.FAIL, cell.then()));
            }
        }
        return row;
    }

    private static FaultScript chance(int number, Random random) {
        Pair pair = PAIRS.get(random.nextInt(PAIRS.size()));
        int size = random.nextInt(3) == 0 ? random.nextInt(20_000) : SIZES[random.nextInt(SIZES.length)];
        int pace = random.nextInt(3) > 0 ? Integer.MAX_VALUE : 1 + size / (2 + random.nextInt(150));
        boolean direct = pair.first() == Mechanism.IO_URING || pair.first() == Mechanism.DIRECT_IO;
        if (direct && !pair.fromFlow() && random.nextInt(6) == 0) {
            size = (1 << 20) + random.nextInt(FaultScript.MOST - (1 << 20)); // several blocks under way at once
            pace = Integer.MAX_VALUE;
        }
        boolean session = random.nextBoolean();
        Shape shape = shape(pair, size, pace, session, random);
        return new FaultScript(number, random.nextLong(), pair, shape, session, faults(random), null);
    }

    private static Shape shape(Pair pair, int size, int pace, boolean session, Random random) {
        boolean skips =
                pair.source() == EndpointKind.FILE && pair.first() != Mechanism.REFLINK && random.nextInt(3) == 0;
        int skip = skips ? random.nextBoolean() ? 512 : random.nextInt(5000) : 0;
        boolean behind = !pair.toFlow() && pair.first() != Mechanism.REFLINK && random.nextInt(3) == 0;
        int at = behind ? random.nextBoolean() ? 512 : random.nextInt(5000) : 0;
        boolean accompanied = random.nextInt(4) == 0;
        int header = accompanied ? random.nextInt(3) * random.nextInt(400) : 0;
        int trailer = accompanied ? random.nextInt(3) * random.nextInt(400) : 0;
        int chunk = session && random.nextInt(3) == 0 ? 1 + (size + 800) / (1 + random.nextInt(300)) : 0;
        int steps = session && random.nextInt(6) == 0 ? 1 + random.nextInt(12) : 0;
        boolean counts = pair.source() != EndpointKind.MEMORY && random.nextInt(4) == 0;
        int count = counts ? random.nextInt(size + 1) : Integer.MAX_VALUE;
        return new Shape(skip, at, size, count, header, trailer, pace, chunk, steps);
    }

    private static List<Fault> faults(Random random) {
        List<Fault> faults = new ArrayList<>();
        if (random.nextInt(8) == 0) { // no end is ever ready at once, or waits are always interrupted
            Way way = Way.values()[2 + random.nextInt(3)];
            for (int call = 0; call < CALLS; call++) {
                faults.add(new Fault(call, random.nextInt(3) == 0 ? Way.SOURCE_WAITS : way, 1 + random.nextInt(2)));
            }
        }
        int count = random.nextInt(8);
        int from = random.nextInt(CALLS - 4);
        boolean close = random.nextBoolean();
        int failures = 0;
        for (int i = 0; i < count; i++) {
            Way way = Way.values()[random.nextInt(Way.values().length)];
            if (way == Way.FAIL && ++failures > 3) {
                way = Way.SHORT;
            }
            int value = switch (way) {
                case SHORT -> 1 + random.nextInt(random.nextBoolean() ? 10 : 5000);
                case FAIL -> ERRORS[random.nextInt(ERRORS.length)];
                default -> 1 + random.nextInt(4);
            };
            int call = close ? from + random.nextInt(4) : random.nextInt(random.nextBoolean() ? 7 : CALLS);
            faults.add(new Fault(call, way, value));
        }
        return List.copyOf(faults);
    }
}
