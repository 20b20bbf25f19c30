package io.zerocopy.linux.internal.copy;

import io.zerocopy.TransferFailure.Side;
import io.zerocopy.linux.internal.errno.SideTable;
import io.zerocopy.linux.internal.poll.Poller;
import io.zerocopy.linux.internal.port.DescriptorPort;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Source;
import java.io.IOException;

/**
 * Finds out which end has caused the failure of a call that copies between two ends. The probe changes neither end: it
 * takes no bytes from a stream, and leaves {@code SO_ERROR} alone, which a read clears, and which the call has cleared
 * anyway.
 *
 * <ul>
 *   <li>A regular file as source is read at the position where the call began: the read fails in the same way, or the
 *       target has failed. Calls that read pages stop before a page that cannot be read, so the probe reads the byte
 *       that failed.
 *   <li>A pipe as source never fails to be read.
 *   <li>A pipe as target fails only with {@code EPIPE}, which poll(2) shows. Every other error belongs to the source.
 * </ul>
 */
final class SideProbe {
    private SideProbe() {}

    /**
     * Probes under the locks of both ends, right after the call.
     *
     * @param result its negative result
     * @param position where it began to read, if the source has positions
     */
    static Side find(long result, DescriptorSource source, DescriptorTarget target, long position) throws IOException {
        EndpointKind from = source.lease().kind();
        EndpointKind to = target.lease().kind();
        if (from == EndpointKind.PIPE) {
            return Side.TARGET;
        }
        if (from == EndpointKind.FILE) {
            return read(result, source, position);
        }
        if (to == EndpointKind.PIPE) {
            return SideTable.mayBeOfPipe(result) && hasNoReader(target) ? Side.TARGET : Side.SOURCE;
        }
        return Side.UNKNOWN; // a device or a virtual file: a read could take its bytes
    }

    private static Side read(long result, DescriptorSource source, long position) {
        Memory memory = Memory.take();
        try {
            long at = position == Source.OWN_POSITION ? source.sys.lseek(source.fd(), 0, C.SEEK_CUR) : position;
            long n = source.sys.pread(source.fd(), memory.address(), 1, at);
            boolean odd = n < 0 && n != result && source.facts().direct(); // such a file refuses to read one byte
            return odd ? Side.UNKNOWN : n < 0 ? Side.SOURCE : Side.TARGET;
        } finally {
            memory.release();
        }
    }

    private static boolean hasNoReader(DescriptorPort target) throws IOException {
        Memory memory = Memory.take();
        try {
            Poller.watch(memory, 0, target.fd(), 0);
            return Poller.poll(target.sys, memory, 1, 0) && (Poller.found(memory, 0) & C.POLLERR) != 0;
        } finally {
            memory.release();
        }
    }
}
