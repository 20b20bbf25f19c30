package io.zerocopy.linux.internal.port;

import io.zerocopy.linux.internal.poll.Poller;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.memory.Memory;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** Asks poll(2) about one end or two. */
final class PortPoll {
    private PortPoll() {}

    /** Waits until a step would find one of the ends ready; false after {@code nanos}, or if {@code alive} says no. */
    static boolean await(DescriptorPort one, DescriptorPort other, long nanos, BooleanSupplier alive)
            throws IOException {
        Memory memory = Memory.take();
        try {
            Poller.watch(memory, 0, one.fd(), one.events());
            if (other != null) {
                Poller.watch(memory, 1, other.fd(), other.events());
            }
            return Poller.await(one.sys, memory, other == null ? 1 : 2, nanos, alive);
        } finally {
            memory.release();
        }
    }

    /**
     * Whether a socket was reset. poll(2) reports both, asked for or not: the error that the reset left, and that
     * nothing can be read or written any more. An error alone may be only a message on the socket's error queue; a
     * hang-up alone is a regular end.
     */
    static boolean isReset(DescriptorPort socket) throws IOException {
        int both = C.POLLERR | C.POLLHUP;
        Memory memory = Memory.take();
        try {
            socket.call(() -> {
                Poller.watch(memory, 0, socket.fd(), 0);
                return Poller.poll(socket.sys, memory, 1, 0) ? 1 : 0;
            });
            return (Poller.found(memory, 0) & both) == both;
        } finally {
            memory.release();
        }
    }

    /**
     * Whether a step would find this end ready; never waits. The end of a connection makes the socket readable and hung
     * up, so an error alone on a socket is only a message on its error queue.
     */
    static boolean isReady(DescriptorPort end) throws IOException {
        int ready = end.events() | C.POLLHUP | (end.lease().kind().isSocket() ? 0 : C.POLLERR);
        Memory memory = Memory.take();
        try {
            Poller.watch(memory, 0, end.fd(), end.events());
            return Poller.poll(end.sys, memory, 1, 0) && (Poller.found(memory, 0) & ready) != 0;
        } finally {
            memory.release();
        }
    }
}
