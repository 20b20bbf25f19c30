package io.zerocopy.linux.sys.memory;

import io.zerocopy.linux.sys.C;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A small block of memory outside the heap for the structures that system calls read and write. Blocks come from a
 * bounded pool and are returned to it, so that after warm-up a transfer allocates none.
 */
public final class Memory {
    /** Offset of a {@link MsgHdr}: after 1024 iovecs, the largest structure in use. */
    static final int MESSAGE = C.IOV_MAX * 16;

    private static final int CAPACITY = MESSAGE + MsgHdr.CAPACITY;

    private static final int MAX_IDLE = 32;
    private static final Pool LARGE = new Pool();

    /** Enough for a few offsets, one iovec, or a request of ioctl(2): the memory that an idle transfer keeps. */
    public static final int SMALL = 128;

    private static final Pool SMALLER = new Pool();

    /** Idle blocks. The block returned last can be taken without the lock. */
    private static final class Pool {
        private final AtomicReference<Memory> last = new AtomicReference<>();
        private final ArrayDeque<Memory> idle = new ArrayDeque<>(MAX_IDLE);

        Memory take() {
            Memory taken = last.get() == null ? null : last.getAndSet(null);
            if (taken == null) {
                synchronized (idle) {
                    taken = idle.pollLast();
                }
            }
            return taken;
        }

        void give(Memory memory) {
            if (last.get() == null && last.compareAndSet(null, memory)) {
                return;
            }
            synchronized (idle) {
                if (idle.size() < MAX_IDLE) {
                    idle.addLast(memory);
                }
            }
        }
    }

    private final ByteBuffer buffer;
    private final long address;

    private Memory(int capacity) {
        buffer = ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
        address = addressOf(buffer);
    }

    /** Returns the address of a direct buffer's first byte, whatever its position. */
    public static long addressOf(ByteBuffer direct) {
        return BufferAddress.of(direct);
    }

    /**
     * Like {@link #addressOf} if the buffer is direct and its memory lives as long as the buffer; otherwise returns 0.
     */
    public static long stableAddressOf(ByteBuffer buffer) {
        return buffer.isDirect() ? AddressCache.addressOf(buffer, false) : 0;
    }

    /** Like {@link #addressOf}, for a direct buffer that is used repeatedly, and whose memory the library itself frees. */
    public static long addressOfOwn(ByteBuffer direct) {
        return AddressCache.addressOf(direct, true);
    }

    public static Memory take() {
        return take(LARGE, CAPACITY);
    }

    /** Returns a smaller block, of 128 bytes, for callers that keep it for a long time. */
    public static Memory small() {
        return take(SMALLER, SMALL);
    }

    private static Memory take(Pool from, int capacity) {
        Memory idle = from.take();
        return idle != null ? idle : new Memory(capacity);
    }

    /** Returns the block to its pool; the caller must not use it again. */
    public void release() {
        (buffer.capacity() == SMALL ? SMALLER : LARGE).give(this);
    }

    public long address() {
        return address;
    }

    public long address(int offset) {
        return address + offset;
    }

    public long getLong(int offset) {
        return buffer.getLong(offset);
    }

    public int getInt(int offset) {
        return buffer.getInt(offset);
    }

    public int getUnsignedShort(int offset) {
        return buffer.getShort(offset) & 0xffff;
    }

    public byte[] getBytes(int offset, int count) {
        byte[] bytes = new byte[count];
        buffer.get(offset, bytes);
        return bytes;
    }

    /** Copies the first bytes into a buffer, at its position. */
    public void get(ByteBuffer into, int count) {
        into.put(buffer.slice(0, count));
    }

    public Memory putLong(int offset, long value) {
        buffer.putLong(offset, value);
        return this;
    }

    public Memory putInt(int offset, int value) {
        buffer.putInt(offset, value);
        return this;
    }

    public Memory putShort(int offset, int value) {
        buffer.putShort(offset, (short) value);
        return this;
    }

    public Memory putBytes(int offset, byte[] bytes) {
        buffer.put(offset, bytes);
        return this;
    }
}
