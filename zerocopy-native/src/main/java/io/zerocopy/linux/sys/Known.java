package io.zerocopy.linux.sys;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Where the memory of a direct buffer lies that nobody can take away from it. Some that come again and again are
 * remembered, since to ask makes garbage; those that come once are not, since to remember makes some, too. Does not keep a
 * buffer from being collected. Thread-safe: an entry never changes, and one that is lost is asked for again.
 */
final class Known extends WeakReference<ByteBuffer> {
    private static final int PLACES = 64;
    private static final AtomicReferenceArray<Known> ENTRIES = new AtomicReferenceArray<>(PLACES);

    /** The buffer that was seen last at each place, by its hash. */
    private static final AtomicIntegerArray SEEN = new AtomicIntegerArray(PLACES);

    private final long address;

    private Known(ByteBuffer direct, long address) {
        super(direct);
        this.address = address;
    }

    /** The address of its first byte; 0 if its memory may go before the buffer does, which is not asked of an own one. */
    static long addressOf(ByteBuffer direct, boolean own) {
        int hash = System.identityHashCode(direct);
        int place = hash & PLACES - 1;
        Known known = ENTRIES.get(place);
        if (known != null && known.refersTo(direct)) {
            return known.address;
        }
        long address = own ? Binding.addressOf(direct) : Binding.stableAddressOf(direct);
        if (SEEN.get(place) == hash && address != 0) {
            ENTRIES.set(place, new Known(direct, address));
        }
        SEEN.set(place, hash);
        return address;
    }
}
