package io.zerocopy.linux.internal.direct;

import io.zerocopy.Mechanism;
import io.zerocopy.linux.internal.direct.queue.BlockQueue;
import io.zerocopy.linux.internal.direct.queue.ThreadedBlockQueue;
import io.zerocopy.linux.internal.direct.queue.UringBlockQueue;
import io.zerocopy.linux.internal.direct.uring.UnavailableException;
import io.zerocopy.linux.internal.direct.uring.Uring;
import io.zerocopy.linux.internal.memory.AlignedBlock;
import io.zerocopy.linux.internal.port.DescriptorPort;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.io.IOException;

/**
 * {@code O_DIRECT}, see open(2): the device reads and writes memory of the transfer, and the page cache is not used.
 * Advantages: large copies keep other files' pages in the cache, and cost little processor time. Disadvantage: there is
 * no read-ahead or write-behind, so each block waits for the device, unless several are under way. So the order table
 * uses it only if the caller names it.
 */
public final class DirectIoStrategy implements Strategy {
    /** Blocks that are under way at once unless the caller says otherwise. */
    static final int USUAL_DEPTH = 8;

    static final String SKEWED =
            "the positions differ by a part of a block, so that every byte would have to be moved in between";

    static final String RINGLESS =
            "on FUSE, the kernel goes on at a wrong position behind a short read of a ring: bytes are repeated";

    private final Syscalls sys;
    private final Uring uring;

    public DirectIoStrategy(Syscalls sys) {
        this.sys = sys;
        this.uring = new Uring(sys);
    }

    @Override
    public Mechanism mechanism() {
        return Mechanism.DIRECT_IO;
    }

    @Override
    public String refusal(EndpointFacts source, EndpointFacts target, TransferRequest request) {
        if (!isFile(source) && !isFile(target)) {
            return "neither end is a regular file with a descriptor";
        }
        if (!isFile(source) && target.append()) {
            return "the target is open for append, so nobody knows where its blocks begin";
        }
        return null;
    }

    /** Whether rings move wrong bytes on the file system of an end. */
    static boolean isRingless(EndpointFacts end) {
        return end.fileSystem().equals("fuse");
    }

    static boolean isFile(EndpointFacts end) {
        return end.kind() == EndpointKind.FILE && end.descriptor();
    }

    @Override
    public Mover open(Source source, Target target, TransferRequest request) throws IOException {
        DirectDescriptor.Opened in = open(source, C.O_RDONLY);
        DirectDescriptor.Opened out = NOT_ASKED;
        boolean owned = false; // whether a mover owns both and closes them
        try {
            out = target.facts().append() ? NOT_ASKED : open(target, C.O_WRONLY);
            Mover mover = open(source, target, request, in, out);
            owned = true;
            return mover;
        } catch (OutOfMemoryError none) {
            return Mover.declined(
                    "no direct memory for a block of " + AlignedBlock.CAPACITY + " bytes: " + none.getMessage());
        } finally {
            if (!owned) {
                close(in);
                close(out);
            }
        }
    }

    private Mover open(
            Source source,
            Target target,
            TransferRequest request,
            DirectDescriptor.Opened in,
            DirectDescriptor.Opened out)
            throws IOException {
        if (in.end() == null && out.end() == null) {
            String refused = in.refused() + out.refused();
            return Mover.declined(refused.isEmpty() ? DescriptorPort.FOREIGN : refused);
        }
        DescriptorSource from = DescriptorPort.sourceOf(source);
        DescriptorTarget to = DescriptorPort.targetOf(target);
        if (out.end() == null) {
            return new DirectReadMover(from, target, in.end());
        }
        if (in.end() == null) {
            return new DirectWriteMover(source, to, out.end());
        }
        if (isSkewed(in.end(), out.end(), request)) {
            return new DirectWriteMover(from, new DirectReader(in.end()), to, out.end());
        }
        DirectReader edges = new DirectReader(in.end()); // before the queue, which takes the available memory
        return new DirectCopyMover(from, to, edges, out.end(), queue(request, source, to));
    }

    /** For io_uring: both ends past the page cache and every block through a ring, or nothing. */
    Mover openOnRing(DescriptorSource source, DescriptorTarget target, TransferRequest request) throws IOException {
        DirectDescriptor.Opened in = DirectDescriptor.open(source, C.O_RDONLY);
        DirectDescriptor.Opened out = NOT_ASKED;
        BlockQueue queue = null;
        try {
            out = in.end() == null ? NOT_ASKED : DirectDescriptor.open(target, C.O_WRONLY);
            String refused = in.refused() + out.refused();
            if (!refused.isEmpty()) {
                return Mover.declined(refused);
            }
            if (isSkewed(in.end(), out.end(), request)) {
                return Mover.declined(SKEWED);
            }
            DirectReader edges = new DirectReader(in.end());
            queue = UringBlockQueue.open(sys, depth(request, source), AlignedBlock.CAPACITY);
            return new DirectCopyMover(source, target, edges, out.end(), queue);
        } catch (UnavailableException e) {
            return Mover.declined(e.getMessage());
        } catch (OutOfMemoryError none) {
            return Mover.declined(noMemory(none));
        } finally {
            if (queue == null) {
                close(in);
                close(out);
            }
        }
    }

    /** Why there can be no ring; null if there can. */
    String ringUnavailableBecause() {
        return uring.unavailableBecause();
    }

    /** A ring if one is available; else a thread beside the caller's. */
    private BlockQueue queue(TransferRequest request, Source source, Target target) throws IOException {
        int depth = depth(request, source);
        boolean ringless = isRingless(source.facts()) || isRingless(target.facts());
        if (depth > 1 && !ringless && request.blocks().ring() && uring.unavailableBecause() == null) {
            try {
                return UringBlockQueue.open(sys, depth, AlignedBlock.CAPACITY);
            } catch (UnavailableException passing) {
                return new ThreadedBlockQueue(sys, depth);
            }
        }
        return new ThreadedBlockQueue(sys, depth);
    }

    /** Every slot costs memory, which pays if the slot is used at least twice. */
    private static int depth(TransferRequest request, Source source) throws IOException {
        int most =
                request.blocks().depth() == 0 ? USUAL_DEPTH : request.blocks().depth();
        long bytes = Math.min(request.count(), source.size() - request.sourcePosition());
        return (int) Math.max(1, Math.min(most, bytes / (2 * AlignedBlock.CAPACITY)));
    }

    /** Whether the block boundaries of the two files do not match. */
    private static boolean isSkewed(DirectDescriptor in, DirectDescriptor out, TransferRequest request) {
        int alignment = Math.max(in.alignment(), out.alignment());
        return ((request.sourcePosition() - request.targetPosition()) & alignment - 1) != 0;
    }

    private static final DirectDescriptor.Opened NOT_ASKED = new DirectDescriptor.Opened(null, "");

    private static DirectDescriptor.Opened open(Endpoint end, int mode) throws IOException {
        DescriptorPort port = end.facts().kind() == EndpointKind.FILE ? DescriptorPort.of(end) : null;
        return port == null ? NOT_ASKED : DirectDescriptor.open(port, mode);
    }

    private static String noMemory(OutOfMemoryError none) {
        return "no direct memory for a block of " + AlignedBlock.CAPACITY + " bytes: " + none.getMessage();
    }

    private static void close(DirectDescriptor.Opened opened) {
        if (opened.end() != null) {
            opened.end().close();
        }
    }
}
