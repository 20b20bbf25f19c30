package io.zerocopy.linux.sys.memory;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Caches addresses of direct buffers whose memory cannot be freed while the buffer is reachable. Reading an address
 * creates garbage, so buffers that are used repeatedly are cached. A cache entry is garbage too, so buffers that are
 * used once are not. An entry does not keep its buffer from being collected. Thread-safe: an entry never changes, and a
 * lost entry is read again.
 */
final class AddressCache extends WeakReference<ByteBuffer> {
    private static final int PLACES = 64;
    private static final AtomicReferenceArray<AddressCache> ENTRIES = new AtomicReferenceArray<>(PLACES);

    /** Hash of the buffer that was seen last at each place. */
    private static final AtomicIntegerArray SEEN = new AtomicIntegerArray(PLACES);

    private final long address;

    private AddressCache(ByteBuffer direct, long address) {
        super(direct);
        this.address = address;
    }

    /**
     * Returns the address of the first byte; 0 if the memory may be freed before the buffer is, which is not checked
     * for the library's own buffers.
     */
    static long addressOf(ByteBuffer direct, boolean own) {
        int hash = System.identityHashCode(direct);
        int place = hash & PLACES - 1;
        AddressCache known = ENTRIES.get(place);
        if (known != null && known.refersTo(direct)) {
            return known.address;
        }
        long address = own ? BufferAddress.of(direct) : BufferAddress.stable(direct);
        if (SEEN.get(place) == hash && address != 0) {
            ENTRIES.set(place, new AddressCache(direct, address));
        }
        SEEN.set(place, hash);
        return address;
    }
}
