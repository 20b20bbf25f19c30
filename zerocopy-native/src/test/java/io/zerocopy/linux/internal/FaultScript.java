package io.zerocopy.linux.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One small story of a transfer and of what goes wrong in it. A seed tells the whole of it.
 *
 * @param seed which one
 * @param source kind of the source
 * @param target kind of the target
 * @param first the mechanism to begin with
 * @param skip bytes of the source, a file, that are not asked for
 * @param size bytes of the source
 * @param session whether a caller advances it, or else it waits by itself
 * @param faults what goes wrong
 */
record FaultScript(
        long seed, Kind source, Kind target, Mechanism first, int skip, int size, boolean session, List<Fault> faults) {
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
        /** The source has ended, or was cut, at what has been taken of it. */
        END
    }

    /**
     * A call that goes wrong.
     *
     * @param call its index among those that move bytes or prepare for it
     * @param way how
     * @param value bytes, errno or looks
     */
    record Fault(int call, Way way, int value) {
        @Override
        public String toString() {
            return call + ":" + way + (way == Way.FAIL ? " " + Errno.text(value) : " " + value);
        }
    }

    private record Pair(Kind source, Kind target, Mechanism first) {}

    private static final List<Pair> PAIRS = List.of(
            new Pair(Kind.FILE, Kind.FILE, Mechanism.REFLINK),
            new Pair(Kind.FILE, Kind.FILE, Mechanism.COPY_FILE_RANGE),
            new Pair(Kind.FILE, Kind.FILE, Mechanism.SENDFILE),
            new Pair(Kind.FILE, Kind.FILE, Mechanism.READ_WRITE),
            new Pair(Kind.FILE, Kind.TCP, Mechanism.SENDFILE),
            new Pair(Kind.FILE, Kind.UNIX, Mechanism.READ_WRITE),
            new Pair(Kind.FILE, Kind.PIPE, Mechanism.SPLICE),
            new Pair(Kind.FILE, Kind.PIPE, Mechanism.SENDFILE),
            new Pair(Kind.FILE, Kind.FILE, Mechanism.DIRECT_IO),
            new Pair(Kind.FILE, Kind.FILE, Mechanism.IO_URING),
            new Pair(Kind.FILE, Kind.TCP, Mechanism.DIRECT_IO),
            new Pair(Kind.TCP, Kind.FILE, Mechanism.DIRECT_IO),
            new Pair(Kind.PIPE, Kind.FILE, Mechanism.DIRECT_IO),
            new Pair(Kind.MEMORY, Kind.FILE, Mechanism.DIRECT_IO),
            new Pair(Kind.TCP, Kind.TCP, Mechanism.SPLICE),
            new Pair(Kind.TCP, Kind.FILE, Mechanism.SPLICE),
            new Pair(Kind.UNIX, Kind.TCP, Mechanism.SPLICE),
            new Pair(Kind.UNIX, Kind.FILE, Mechanism.READ_WRITE),
            new Pair(Kind.PIPE, Kind.FILE, Mechanism.SPLICE),
            new Pair(Kind.PIPE, Kind.TCP, Mechanism.SPLICE),
            new Pair(Kind.TCP, Kind.PIPE, Mechanism.SPLICE),
            new Pair(Kind.MEMORY, Kind.TCP, Mechanism.MSG_ZEROCOPY),
            new Pair(Kind.MEMORY, Kind.TCP, Mechanism.GATHER_WRITE),
            new Pair(Kind.MEMORY, Kind.FILE, Mechanism.GATHER_WRITE));

    private static final int[] SIZES = {0, 1, 7, 511, 512, 4095, 4096, 4097, 9000, 65_535, 65_536, 65_537, 150_000};

    /** Bytes of the longest source. */
    static final int MOST = 3 << 20;

    private static final int[] ERRORS = {
        Errno.EINVAL,
        Errno.EXDEV,
        Errno.EOPNOTSUPP,
        Errno.ENOTSOCK,
        Errno.ENOTTY,
        Errno.ETXTBSY,
        Errno.EACCES,
        Errno.ENOENT,
        Errno.EIO,
        Errno.EFBIG,
        Errno.EOVERFLOW,
        Errno.EBADF,
        Errno.EPERM,
        Errno.ENOSYS,
        Errno.EAGAIN,
        Errno.ENOSPC,
        Errno.EDQUOT,
        Errno.EPIPE,
        Errno.ECONNRESET,
        Errno.ENOBUFS,
        Errno.ENOMEM
    };

    static FaultScript of(long seed) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        Pair pair = PAIRS.get(random.nextInt(PAIRS.size()));
        int size = random.nextInt(3) == 0 ? random.nextInt(20_000) : SIZES[random.nextInt(SIZES.length)];
        if (pair.first() == Mechanism.IO_URING && random.nextInt(6) == 0) {
            size = (1 << 20) + random.nextInt(MOST - (1 << 20)); // several blocks under way at once
        }
        List<Fault> faults = new ArrayList<>();
        int count = random.nextInt(8);
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
            faults.add(new Fault(random.nextInt(random.nextBoolean() ? 7 : 20), way, value));
        }
        boolean skips = pair.source() == Kind.FILE && pair.first() != Mechanism.REFLINK && random.nextInt(3) == 0;
        int skip = skips ? random.nextBoolean() ? 512 : random.nextInt(5000) : 0;
        return new FaultScript(
                seed,
                pair.source(),
                pair.target(),
                pair.first(),
                skip,
                size,
                random.nextBoolean(),
                List.copyOf(faults));
    }

    /** Whether a failure is one that nothing may hide: no call for another mechanism, or another way. */
    static boolean isReal(String name, int errno) {
        boolean copies = name.equals("ioctl") || name.equals("copy_file_range");
        boolean sentAsEver = name.equals("sendmsg") && errno == Errno.ENOBUFS;
        return errno != Errno.EAGAIN
                && !sentAsEver
                && !Errno.declined(-errno)
                && !(copies && Errno.declinedFileCopy(-errno));
    }

    /** Whether this kernel has rings; direct I/O by its own name uses one where it can. */
    boolean rings() {
        return first == Mechanism.IO_URING || seed % 2 == 0;
    }

    /** The same story with one thing less that goes wrong. */
    FaultScript without(int index) {
        List<Fault> fewer = new ArrayList<>(faults);
        fewer.remove(index);
        return new FaultScript(seed, source, target, first, skip, size, session, List.copyOf(fewer));
    }

    /** The same story over fewer bytes. */
    FaultScript withSize(int bytes) {
        return new FaultScript(seed, source, target, first, skip, bytes, session, faults);
    }
}
