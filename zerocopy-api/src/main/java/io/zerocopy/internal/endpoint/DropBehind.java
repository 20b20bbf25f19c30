package io.zerocopy.internal.endpoint;

import io.zerocopy.internal.plan.StepTable;
import io.zerocopy.spi.Advice;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Target;
import java.io.IOException;

/**
 * Clears the page cache behind a transfer, whichever mechanism moves the bytes: what was read is dropped window by window;
 * what was written is sent to disk when its window is full and dropped when the next one is, so that the disk has
 * something to do meanwhile. Where the target is written by ordinary writes and the kernel has {@code RWF_DONTCACHE}, it
 * drops that itself, as soon as it is on disk, and the advice finds nothing left to do.
 */
public final class DropBehind {
    private final Source source; // null where there is no page cache behind it
    private final Target target; // likewise
    private long from; // in the source: read, and not dropped
    private long fromInTarget;
    private long length;
    private long writing; // bytes before fromInTarget that are on their way to disk
    private long first = -1; // in the source

    DropBehind(Source source, Target target) {
        this.source = isFile(source.facts()) ? source : null;
        this.target = isFile(target.facts()) && !target.facts().append() ? target : null;
        target.dropWritten();
    }

    private static boolean isFile(EndpointFacts facts) {
        return facts.kind() == EndpointKind.FILE;
    }

    /** Takes note of what has moved, or was a hole. */
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

    /** Ends the window: its source is dropped, its target begins to be written, the one before is dropped. */
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

    /** Drops all that is left, and what a socket still had to send or a mapping has read again. */
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
