package io.zerocopy.linux.internal.port;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;

/**
 * Keeps a TCP socket from sending off a packet that is not full while more bytes follow at once: header and first bytes
 * of a body share one, and so do the last bytes and a trailer. What is sent by {@code sendmsg} says so itself by
 * {@code MSG_MORE}, which costs nothing. {@code sendfile} and {@code splice} have no such flag, so the socket is corked
 * around them. Whoever holds something back pushes it: the kernel would do so after 200 ms only. All methods want the
 * close lock.
 */
final class Cork {
    private final Syscalls sys;
    private final int fd;
    private boolean follows;
    private boolean held; // a packet may be waiting for more
    private boolean corked; // by us
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

    /** Before a call that has no flag for it. */
    void beforeCall() {
        if (follows && !corked && !isCallers()) {
            corked = set(1) >= 0;
        }
    }

    /** After a call that moved bytes: what it left unsent goes off by itself if it was told that nothing follows. */
    void sent() {
        held = follows || corked;
    }

    /** Whether there is something to push. */
    boolean holds() {
        return held || corked;
    }

    /** Also where nothing was sent since the socket was corked: it is not left so. */
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
