package io.zerocopy.linux.internal.direct.uring;

import com.sun.jna.Pointer;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory from mmap(2), which stays until it is given back: the garbage collector does not decide how long a kernel may
 * write to it. If you give it back, drop every buffer over it at the same time.
 */
public final class Mapping {
    private final Syscalls sys;
    private final long length;
    private long address;

    private Mapping(Syscalls sys, long address, long length) {
        this.sys = sys;
        this.address = address;
        this.length = length;
    }

    /** Memory that a ring shares with the kernel. */
    static Mapping ofRing(Syscalls sys, int ring, long offset, long length) throws UnavailableException {
        return of(sys, "mmap of the ring", length, C.MAP_SHARED | C.MAP_POPULATE, ring, offset);
    }

    /** Memory of this process alone, at the beginning of a page. */
    public static Mapping anonymous(Syscalls sys, long length) throws UnavailableException {
        return of(sys, "mmap", length, C.MAP_PRIVATE | C.MAP_ANONYMOUS, -1, 0);
    }

    private static Mapping of(Syscalls sys, String what, long length, int flags, int fd, long offset)
            throws UnavailableException {
        long address = sys.mmap(0, length, C.PROT_READ | C.PROT_WRITE, flags, fd, offset);
        if (address < 0 && address > -4096) { // see MAX_ERRNO: all other answers are addresses
            throw new UnavailableException(what, address, "");
        }
        return new Mapping(sys, address, length);
    }

    public long address() {
        return address;
    }

    /** The memory in the processor's byte order. */
    public ByteBuffer buffer() {
        return buffer(0, length);
    }

    /** A part of the memory. */
    public ByteBuffer buffer(long offset, long count) {
        return new Pointer(address).getByteBuffer(offset, count).order(ByteOrder.nativeOrder());
    }

    public void unmap() {
        if (address != 0) {
            sys.munmap(address, length);
            address = 0;
        }
    }
}
