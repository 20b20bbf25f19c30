package io.zerocopy.linux.internal.port;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;

/**
 * Keeps a TCP socket from sending a packet that is not full while more bytes follow at once: a header and the first
 * bytes of a body share a packet, and so do the last bytes and a trailer. For {@code sendmsg} the flag {@code MSG_MORE}
 * does this at no cost. {@code sendfile} and {@code splice} have no such flag, so the socket is corked around them.
 * Code that holds bytes back must also push them: the kernel would send them only after 200 ms. The caller of each
 * method holds the close lock.
 */
final class Cork {
    private final Syscalls sys;
    private final int fd;
    private boolean follows;
    private boolean held; // a packet may be waiting for more
    private boolean corked; // by this object
    private boolean asked; // whether the caller had corked the socket
    private boolean ofCaller; // then it stays as it is

    Cork(Syscalls sys, int fd) {
        this.sys = sys;
        this.fd = fd;
    }

    void more(boolean moreFollows) {
        follows = moreFollows;
    }

    boolean follows() {
        return follows;
    }

    /** Called before a call that has no such flag. */
    void beforeCall() {
        if (follows && !corked && !isCallers()) {
            corked = set(1) >= 0;
        }
    }

    /**
     * Called after a call that moved bytes. If the call was told that nothing follows, the kernel sends the rest by
     * itself.
     */
    void sent() {
        held = follows || corked;
    }

    /** Whether there may be bytes to push. */
    boolean holds() {
        return held || corked;
    }

    /**
     * Sends what is held back. Also called if nothing was sent since the socket was corked, so that it does not stay
     * corked.
     */
    void push() {
        if (holds() && !isCallers()) {
            set(0);
        }
        held = false;
        corked = false;
    }

    private boolean isCallers() {
        if (!asked) {
            asked = true;
            Memory memory = Memory.small();
            try {
                memory.putInt(0, 0).putInt(8, Integer.BYTES);
                int result = sys.getsockopt(fd, C.IPPROTO_TCP, C.TCP_CORK, memory.address(), memory.address(8));
                ofCaller = result < 0 || memory.getInt(0) != 0;
            } finally {
                memory.release();
            }
        }
        return ofCaller;
    }

    private int set(int value) {
        Memory memory = Memory.small();
        try {
            memory.putInt(0, value);
            return sys.setsockopt(fd, C.IPPROTO_TCP, C.TCP_CORK, memory.address(), Integer.BYTES);
        } finally {
            memory.release();
        }
    }
}
