package io.zerocopy.internal.endpoint;

import io.zerocopy.internal.plan.StepTable;
import io.zerocopy.spi.Advice;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Target;
import java.io.IOException;

/**
 * Clears the page cache behind a transfer, for every mechanism. Pages that were read are dropped window by window.
 * Pages that were written are sent to disk when their window is full, and dropped when the next window is full, so the
 * disk works meanwhile. If the target is written by ordinary writes and the kernel has {@code RWF_DONTCACHE}, the
 * kernel drops these pages itself as soon as they are on disk, and the advice then has nothing to do.
 */
public final class DropBehind {
    private final Source source; // null if it has no page cache
    private final Target target; // null if it has no page cache
    private long from; // position in the source of the bytes that were read and not dropped
    private long fromInTarget;
    private long length;
    private long writing; // bytes before fromInTarget that are on their way to disk
    private long first = -1; // first position in the source

    DropBehind(Source source, Target target) {
        this.source = isFile(source.facts()) ? source : null;
        this.target = isFile(target.facts()) && !target.facts().append() ? target : null;
        target.dropWritten();
    }

    private static boolean isFile(EndpointFacts facts) {
        return facts.kind() == EndpointKind.FILE;
    }

    /** Records bytes that have moved, or were a hole. */
    public void moved(long position, long targetPosition, long count) throws IOException {
        if (length == 0) {
            from = position;
            fromInTarget = targetPosition;
            first = first < 0 ? position : first;
        }
        length += count;
        if (length >= StepTable.DROPPED_TOGETHER) {
            turn();
        }
    }

    /**
     * Ends the window: drops its pages of the source, begins to write its pages of the target, and drops the target's
     * pages of the window before.
     */
    private void turn() throws IOException {
        if (source != null) {
            source.advise(Advice.DONT_NEED, from, length);
        }
        if (target != null) {
            target.beginWriting(fromInTarget, length);
            dropWritten();
            writing = length;
        }
        from += length;
        fromInTarget += length;
        length = 0;
    }

    private void dropWritten() throws IOException {
        if (writing > 0) {
            long done = writing;
            writing = 0;
            target.advise(Advice.DONT_NEED, fromInTarget - done, done);
        }
    }

    /**
     * Drops all remaining pages. Also drops pages that a socket still had to send, and pages that a mapping has read
     * again.
     */
    public void end() throws IOException {
        if (length > 0) {
            turn();
        }
        if (source != null && first >= 0) {
            source.advise(Advice.DONT_NEED, first, from - first);
        }
        if (target != null) {
            dropWritten();
        }
    }
}
