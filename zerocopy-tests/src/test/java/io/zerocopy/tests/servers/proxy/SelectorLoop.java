package io.zerocopy.tests.servers.proxy;

import io.zerocopy.RelaySession;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/**
 * The simplest selector loop: advances both directions while they move, then waits for exactly what their statuses say.
 * Counts its waits.
 */
final class SelectorLoop {
    private volatile long selects;

    long selects() {
        return selects;
    }

    /** Serves one relay between two channels to its end. It does not put back the modes, and closes nothing. */
    <C extends SelectableChannel & ByteChannel> void drive(RelaySession relay, C left, C right) throws IOException {
        try (Selector selector = Selector.open()) {
            SelectionKey leftKey = left.register(selector, 0);
            SelectionKey rightKey = right.register(selector, 0);
            while (!relay.isDone()) {
                Status toRight = relay.leftToRight().advance();
                Status toLeft = relay.rightToLeft().advance();
                if (toRight != Status.PROGRESS && toLeft != Status.PROGRESS && !relay.isDone()) {
                    leftKey.interestOps(interest(toRight, toLeft));
                    rightKey.interestOps(interest(toLeft, toRight));
                    selects++;
                    selector.select();
                    selector.selectedKeys().clear();
                }
            }
        }
    }

    /**
     * Returns the interest in a channel, from the statuses of the direction that reads from it and the one that writes
     * to it.
     */
    private static int interest(Status from, Status to) {
        return (from == Status.AWAIT_SOURCE ? SelectionKey.OP_READ : 0)
                | (to == Status.AWAIT_TARGET ? SelectionKey.OP_WRITE : 0);
    }

    /** Advances one direction until it returns a wait, as an edge-triggered loop must do. */
    static Status advanceFully(TransferSession session) throws IOException {
        Status status = Status.PROGRESS;
        while (status == Status.PROGRESS) {
            status = session.advance();
        }
        return status;
    }
}
