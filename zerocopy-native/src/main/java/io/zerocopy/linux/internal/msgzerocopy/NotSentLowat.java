package io.zerocopy.linux.internal.msgzerocopy;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;

/**
 * Keeps a socket from being reported as writable while it has unsent bytes, as long as a session waits until the kernel
 * no longer needs the memory. Otherwise a selector that waits for room would return at once, again and again, as long
 * as the peer is stalled. The caller holds the close lock.
 */
final class NotSentLowat {
    private final Syscalls sys;
    private final int fd;
    private int before;
    private boolean raised;

    NotSentLowat(Syscalls sys, int fd) {
        this.sys = sys;
        this.fd = fd;
    }

    void raise() {
        if (raised) {
            return;
        }
        Memory memory = Memory.small();
        try {
            memory.putInt(0, 0).putInt(8, Integer.BYTES);
            if (sys.getsockopt(fd, C.IPPROTO_TCP, C.TCP_NOTSENT_LOWAT, memory.address(), memory.address(8)) >= 0) {
                before = memory.getInt(0);
                raised = set(memory, 1);
            }
        } finally {
            memory.release();
        }
    }

    void restore() {
        if (raised) {
            Memory memory = Memory.small();
            try {
                set(memory, before);
                raised = false;
            } finally {
                memory.release();
            }
        }
    }

    private boolean set(Memory memory, int value) {
        memory.putInt(0, value);
        return sys.setsockopt(fd, C.IPPROTO_TCP, C.TCP_NOTSENT_LOWAT, memory.address(), Integer.BYTES) >= 0;
    }
}
