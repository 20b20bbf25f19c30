package io.zerocopy.linux.internal;

import java.lang.ref.WeakReference;
import java.nio.channels.Channel;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The handles of channels that were used lately, found without a lock. An entry that gave way to another channel's is
 * only slower to find; the map behind this one is who remembers.
 */
final class Recent {
    private static final int ENTRIES = 256;

    private final AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(ENTRIES);

    private static final class Entry extends WeakReference<Channel> {
        private final Handle handle;

        Entry(Channel channel, Handle handle) {
            super(channel);
            this.handle = handle;
        }
    }

    private static int index(Channel channel) {
        return System.identityHashCode(channel) & (ENTRIES - 1);
    }

    Handle get(Channel channel) {
        Entry entry = entries.get(index(channel));
        return entry != null && entry.refersTo(channel) ? entry.handle : null;
    }

    void put(Channel channel, Handle handle) {
        entries.set(index(channel), new Entry(channel, handle));
    }
}
