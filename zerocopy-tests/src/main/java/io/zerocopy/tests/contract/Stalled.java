package io.zerocopy.tests.contract;

import io.zerocopy.Transfer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;

/** A transfer that waits on its own thread until something ends it. */
public final class Stalled {
    /** What ends a transfer from outside. */
    public enum By {
        /** Its thread is interrupted. */
        INTERRUPT,
        /** Another thread closes the source. */
        CLOSE_SOURCE,
        /** Another thread closes the target. */
        CLOSE_TARGET
    }

    private final Thread mover;
    private volatile IOException failure;
    private volatile boolean interruptStatus;

    /**
     * Starts it.
     *
     * @param transfer the transfer that will wait
     */
    public Stalled(Transfer transfer) {
        mover = new Thread(
                () -> {
                    try {
                        transfer.run();
                    } catch (IOException e) {
                        failure = e;
                        interruptStatus = Thread.currentThread().isInterrupted();
                    }
                },
                "mover");
        mover.setDaemon(true);
        mover.start();
    }

    /**
     * Returns whether it is currently waiting for an end.
     *
     * @return true inside a port's {@code await}
     */
    public boolean waits() {
        return TestFixture.waits(mover);
    }

    /**
     * Ends it once it waits. Checks that it ended for that reason, that the other end is still open, and that the
     * thread's interrupt status is correct.
     *
     * @param how what ends it
     * @param source the transfer's source
     * @param target the transfer's target
     * @return its exception, a {@link io.zerocopy.TransferFailure}
     * @throws Exception if an end cannot be closed, or this thread is interrupted
     */
    public IOException end(By how, Channel source, Channel target) throws Exception {
        TestFixture.until("the transfer waits", () -> waits() || !mover.isAlive());
        expect(mover.isAlive(), "it did not wait, and ended with " + failure);
        switch (how) {
            case INTERRUPT -> mover.interrupt();
            case CLOSE_SOURCE -> source.close();
            default -> target.close();
        }
        mover.join(TestFixture.DEADLINE_SECONDS * 1000);
        boolean interrupted = how == By.INTERRUPT;
        expect(!mover.isAlive(), "it still waits");
        expect(
                (interrupted ? InterruptedIOException.class : AsynchronousCloseException.class).isInstance(failure),
                "it failed with " + failure);
        expect(interruptStatus == interrupted, "the thread's interrupt status is " + interruptStatus);
        expect(source.isOpen() == (how != By.CLOSE_SOURCE), "the source is open: " + source.isOpen());
        expect(target.isOpen() == (how != By.CLOSE_TARGET), "the target is open: " + target.isOpen());
        return failure;
    }

    private static void expect(boolean so, String otherwise) {
        if (!so) {
            throw new AssertionError(otherwise);
        }
    }
}
