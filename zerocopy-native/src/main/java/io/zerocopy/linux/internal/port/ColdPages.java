package io.zerocopy.linux.internal.port;

import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.sizes.CallSizes;
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
 * <p>A look takes time for each page. So no more is looked up than a few times what the last call has moved: a pipe or
 * socket may have room for little.
 *
 * <p>How much is read so is bounded by time: it grows while reads are quick, and shrinks when one was slow. The loop bounds
 * every call in the same way, also one that has to wait until written pages are on the disk. Kernels before 6.5 do not tell
 * what is cached, and kernels before 5.14 do not read a mapping ahead; on those, only the loop's bound applies.
 */
public final class ColdPages implements ChannelLease.Call {
    private static final int ALIGNMENT = 64 << 10; // of a mapping: the largest page of any processor
    private static final int LOOKED_UP_BY_MOVED = 4; // a peer may have taken more until the next call
    private static final int RESULT = 16; // behind a struct cachestat_range, which is two longs

    private final DescriptorSource source;
    private final Syscalls sys;
    private long mostCold = CallSizes.FIRST_COLD;
    private long mostLookedUp = CallSizes.LOOKED_UP;
    private long asked; // of the call; 0 if nothing was looked up for it
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
        asked = 0;
        if (count > CallSizes.LOOKED_UP && !source.isSized()) {
            return count; // up to an unknown end
        }
        long some = Math.min(count, CallSizes.LOOKED_UP);
        if (!reads || untold) {
            return some;
        }
        some = Math.min(some, mostLookedUp);
        asked = some;
        if (isCached(position, some)) {
            return some;
        }
        read = true;
        some = Math.min(some, mostCold);
        populate(position, some);
        return some;
    }

    /** Notes the call's answer. */
    public void after(long moved) {
        if (moved <= 0 || asked == 0) {
            return;
        }
        mostLookedUp = moved < asked
                ? Math.max(CallSizes.LEAST_LOOKED_UP, Math.min(mostLookedUp, LOOKED_UP_BY_MOVED * moved))
                : Math.min(CallSizes.LOOKED_UP, 2 * mostLookedUp);
        if (!read) {
            return;
        }
        long nanos = Math.max(1, System.nanoTime() - start);
        if (nanos > 2 * CallSizes.COLD_NANOS) {
            long less = (long) (moved * ((double) CallSizes.COLD_NANOS / nanos));
            mostCold = Math.min(mostCold, Math.max(CallSizes.LEAST_COLD, less));
        } else if (nanos < CallSizes.COLD_NANOS / 2) {
            mostCold = Math.min(CallSizes.MOST_COLD, 2 * mostCold);
        }
    }

    private boolean isCached(long position, long count) throws IOException {
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
