package io.zerocopy.linux.internal.port;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.spi.Advice;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;

/** Tells the kernel how pages are used: posix_fadvise(2) and madvise(2), which have the same numbers. */
public final class PageCache {
    private static final long SMALLEST_PAGE = 4096;

    private PageCache() {}

    public static boolean advise(Syscalls sys, MappedByteBuffer part, Advice advice) {
        if (part.capacity() == 0) {
            return true;
        }
        long address = Memory.addressOf(part);
        long begin = address & -SMALLEST_PAGE;
        return sys.madvise(begin, address + part.capacity() - begin, number(advice)) >= 0;
    }

    /** Reads the missing pages of a mapping; errors are left to the call that uses them. Waits for the disk. */
    static void populate(Syscalls sys, ByteBuffer mapped) {
        long first = Memory.addressOf(mapped) + mapped.position();
        long begin = first & -SMALLEST_PAGE;
        sys.madvise(begin, first + mapped.remaining() - begin, C.MADV_POPULATE_READ);
    }

    static int advise(Syscalls sys, int fd, long position, long count, Advice advice) {
        return sys.posix_fadvise(fd, position, count, number(advice)); // ignored advice changes nothing
    }

    private static int number(Advice advice) {
        switch (advice) {
            case RANDOM:
                return 1;
            case SEQUENTIAL:
                return 2;
            case WILL_NEED:
                return 3;
            case DONT_NEED:
                return 4;
            default:
                return 0;
        }
    }
}
