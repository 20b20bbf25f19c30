package io.zerocopy.linux.internal.port;

import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Keeps calls on a file short. A call is made under the close lock, so it must not wait long for a disk: a close by
 * another thread would wait as long. A large range is looked up in the page cache first: cachestat(2). If pages are
 * missing, a part of the range is mapped, and madvise(2) reads it while no lock is held; then the call finds that part
 * in memory. The mapping keeps the file alive for that time. A duplicate of the descriptor could do so as well, but
 * closing it would drop the record locks that this process holds on the file.
 *
 * <p>What one call moves is bounded by time: it grows while calls are quick, and shrinks when one was slow, such as a
 * call that has to wait until written pages are on the disk. Kernels before 6.5 do not tell what is cached, and kernels
 * before 5.14 do not read a mapping ahead; on those, only the time bound applies.
 */
public final class ColdPages implements ChannelLease.Call {
    /**
     * A range up to this size is not looked up: the look costs a call each time, and a disk reads so few bytes within
     * some milliseconds.
     */
    public static final int LITTLE = 1 << 20;

    /** The first read of missing pages: as much as the kernel reads ahead in any case. */
    static final int FIRST_COLD = 128 << 10;

    private static final int LEAST = 16 << 10;
    private static final int MOST_COLD = 8 << 20;
    private static final long FIRST = 64 << 20;
    private static final long MOST = 1L << 30;
    private static final long GOAL_NANOS = 50_000_000;

    private static final int ALIGNMENT = 64 << 10; // of a mapping: the largest page of any processor
    private static final int RESULT = 16; // behind a struct cachestat_range, which is two longs

    private final DescriptorSource source;
    private final Syscalls sys;
    private long mostCold = FIRST_COLD;
    private long most = FIRST;
    private long start;
    private boolean untold; // whether the kernel does not tell what is cached
    private Memory range; // of the question
    private boolean read; // whether pages had to be read for this call

    public ColdPages(DescriptorSource source) {
        this.source = source;
        this.sys = source.sys;
    }

    /**
     * How many of {@code count} bytes the next call moves. The caller holds no lock, because this may wait for the
     * disk.
     */
    public long before(long position, long count, boolean reads) throws IOException {
        start = System.nanoTime();
        read = false;
        if (count > MOST && !source.isSized()) {
            return count; // up to an unknown end
        }
        long some = Math.min(count, most);
        if (!reads || isCached(position, some)) {
            return some;
        }
        read = true;
        some = Math.min(some, mostCold);
        populate(position, some);
        return some;
    }

    /** Notes the call's answer. */
    public void after(long moved) {
        if (moved <= 0) {
            return;
        }
        long nanos = Math.max(1, System.nanoTime() - start);
        if (nanos > 2 * GOAL_NANOS) {
            long less = Math.max(LEAST, (long) (moved * ((double) GOAL_NANOS / nanos)));
            mostCold = read ? Math.min(mostCold, less) : mostCold;
            most = read ? most : Math.min(most, less);
        } else if (nanos < GOAL_NANOS / 2) {
            mostCold = read ? Math.min(MOST_COLD, 2 * mostCold) : mostCold;
            most = read || moved < most ? most : Math.min(MOST, 2 * most);
        }
    }

    private boolean isCached(long position, long count) throws IOException {
        if (untold) {
            return true;
        }
        Memory memory = Memory.take();
        try {
            memory.putLong(0, position).putLong(Long.BYTES, count).putLong(RESULT, 0);
            range = memory;
            long result = source.call(this);
            untold = result < 0;
            long cached = memory.getLong(RESULT) * PageSize.bytes();
            return untold || cached >= count || cached >= source.size() - position;
        } finally {
            memory.release();
        }
    }

    /** Asks what is cached. */
    @Override
    public long make() {
        return sys.cachestat(source.fd(), range.address(), range.address(RESULT), 0);
    }

    /** Ignores errors: the call itself will meet them. */
    private void populate(long position, long count) throws IOException {
        long from = position & -ALIGNMENT;
        long length = position + count - from;
        long address = source.call(() -> sys.mmap(0, length, C.PROT_READ, C.MAP_SHARED, source.fd(), from));
        if (address > 0) {
            sys.madvise(address, length, C.MADV_POPULATE_READ);
            sys.munmap(address, length);
        }
    }

    /** Looked up when a large range is first asked for. */
    private static final class PageSize {
        private static final int USUAL = 4096;
        private static final int AT_PAGESZ = 6;
        private static volatile long known;

        static long bytes() {
            if (known == 0) {
                known = ofThisProcess();
            }
            return known == 0 ? USUAL : known;
        }

        private static long ofThisProcess() {
            try (FileInputStream in = new FileInputStream("/proc/self/auxv")) {
                ByteBuffer entries = ByteBuffer.wrap(in.readNBytes(1024)).order(ByteOrder.nativeOrder());
                while (entries.remaining() >= 2 * Long.BYTES) {
                    long type = entries.getLong();
                    long value = entries.getLong();
                    if (type == AT_PAGESZ) {
                        return value;
                    }
                }
                return USUAL;
            } catch (IOException | SecurityException hidden) {
                return 0; // it may be a lack of descriptors
            }
        }
    }
}
