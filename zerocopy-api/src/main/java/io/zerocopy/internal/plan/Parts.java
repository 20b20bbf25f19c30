package io.zerocopy.internal.plan;

import io.zerocopy.Part;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a composed source, as the caller listed them.
 *
 * @param list parts in order
 */
public record Parts(List<Part> list) {
    /** Copies the list, so that it never changes. An empty list becomes one part without bytes. */
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
