package io.zerocopy.internal.plan;

import io.zerocopy.Part;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a source that is put together, as the caller listed them.
 *
 * @param list parts in order
 */
public record Parts(List<Part> list) {
    /** Copies the list, so that it never changes; no parts at all are one without bytes. */
    public Parts {
        list = list.isEmpty() ? List.of(Part.of()) : List.copyOf(list);
    }

    /** All buffers of all parts. */
    public ByteBuffer[] buffers() {
        List<ByteBuffer> all = new ArrayList<>();
        for (Part part : list) {
            if (part instanceof Part.Memory memory) {
                all.addAll(memory.buffers());
            }
        }
        return all.toArray(ByteBuffer[]::new);
    }
}
