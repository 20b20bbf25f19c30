package io.zerocopy.linux.internal.port;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.memory.Memory;
import java.nio.ByteBuffer;

/** The table of buffers that {@code writev} and {@code sendmsg} read, made from any buffers. */
public final class IovArray {
    private static final int IOVEC = 16; // void *base, size_t length

    private IovArray() {}

    /**
     * Fills the table for one call. Direct buffers enter by their address. Buffers on the heap are copied into staging
     * memory as far as there is room; neighbours share an entry. The buffers do not change.
     *
     * @param port knows the buffers' addresses
     * @param sources buffers
     * @param from index of the first
     * @param to index after the last
     * @param most the most bytes, more than 0
     * @param memory holds the table
     * @param staging memory for buffers on the heap or in an arena, cleared; null if there are none
     * @return the number of entries in the table
     */
    public static int fill(
            DescriptorPort port, ByteBuffer[] sources, int from, int to, long most, Memory memory, ByteBuffer staging) {
        long base = staging == null ? 0 : Memory.addressOfOwn(staging);
        long left = most;
        int count = 0;
        boolean afterStaged = false;
        for (int i = from; i < to && left > 0; i++) {
            ByteBuffer source = sources[i];
            if (!source.hasRemaining()) {
                continue;
            }
            boolean direct = port.usesAddressOf(source);
            int length = (int) Math.min(source.remaining(), direct ? left : Math.min(left, staging.remaining()));
            boolean extend = !direct && afterStaged;
            if (!extend && count == C.IOV_MAX) {
                break;
            }
            if (length > 0) {
                long address = direct ? port.nextAddressOf(source) : base + staging.position();
                if (!direct) {
                    staging.put(staging.position(), source, source.position(), length);
                    staging.position(staging.position() + length);
                }
                count = extend ? lengthened(memory, count, length) : added(memory, count, address, length);
                afterStaged = !direct;
                left -= length;
            }
            if (length < source.remaining()) {
                break; // the rest goes with the next call
            }
        }
        return count;
    }

    private static int added(Memory memory, int count, long address, long length) {
        memory.putLong(count * IOVEC, address).putLong(count * IOVEC + 8, length);
        return count + 1;
    }

    private static int lengthened(Memory memory, int count, long by) {
        int last = (count - 1) * IOVEC + 8;
        memory.putLong(last, memory.getLong(last) + by);
        return count;
    }

    /** Moves the positions past the written bytes. */
    public static void advance(ByteBuffer[] sources, int from, long written) {
        long left = written;
        for (int i = from; left > 0; i++) {
            int n = (int) Math.min(left, sources[i].remaining());
            sources[i].position(sources[i].position() + n);
            left -= n;
        }
    }

    public static boolean anyOnHeap(DescriptorPort port, ByteBuffer[] sources, int from, int to) {
        for (int i = from; i < to; i++) {
            if (sources[i].hasRemaining() && !port.usesAddressOf(sources[i])) {
                return true;
            }
        }
        return false;
    }
}
