package io.zerocopy.tests.contract;

import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.locks.LockSupport;

/**
 * Advances a session like a selector loop: waits only for the end that the status names. Counts waits after which no
 * byte moved although the selector had reported the end as ready.
 */
public final class SelectorDrive implements AutoCloseable {
    private final TransferSession session;
    private final Selector selector = Selector.open();
    private final SelectionKey source;
    private final SelectionKey target;
    private long promised = -1; // what had been transferred when the selector last said "ready", or -1
    private int inVain;
    private int inVainInARow;

    public SelectorDrive(TransferSession session, Channel source, Channel target) throws IOException {
        this.session = session;
        this.source = register(source);
        this.target = register(target);
    }

    private SelectionKey register(Channel channel) throws ClosedChannelException {
        return channel instanceof SelectableChannel selectable && !selectable.isBlocking()
                ? selectable.register(selector, 0)
                : null;
    }

    /** Makes one step, after the wait that the previous step asked for. */
    public Status advance() throws IOException {
        Status status = session.advance();
        boolean moved = promised < 0 || session.transferred() > promised || status == Status.DONE;
        inVain += moved ? 0 : 1;
        inVainInARow = moved ? 0 : inVainInARow + 1;
        promised = -1;
        if (inVainInARow > 1000) {
            throw new AssertionError("spins on " + status + " after " + session.transferred() + " bytes");
        }
        if (status == Status.AWAIT_SOURCE) {
            await(source, session.interestOps(status));
        } else if (status == Status.AWAIT_TARGET) {
            await(target, session.interestOps(status));
        }
        return status;
    }

    /** Returns the longest series of waits that ended as ready and moved nothing; it shows a spinning loop. */
    public int waitsForNothing() {
        return inVainInARow;
    }

    private void await(SelectionKey key, int operation) throws IOException {
        if (key == null) {
            LockSupport.parkNanos(1_000_000); // an end that no selector can watch
            return;
        }
        key.interestOps(operation);
        if (selector.select(ready -> {}, TestFixture.DEADLINE_SECONDS * 1000) == 0) {
            throw new AssertionError("nothing came of it: waited in vain for " + key.channel());
        }
        key.interestOps(0);
        promised = session.transferred();
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
