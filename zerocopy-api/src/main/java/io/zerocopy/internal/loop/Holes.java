package io.zerocopy.internal.loop;

import io.zerocopy.internal.endpoint.OpenEndpoints;
import io.zerocopy.internal.endpoint.SourceRange;
import io.zerocopy.internal.plan.KillSwitches;
import io.zerocopy.internal.plan.OrderTable;
import io.zerocopy.spi.Advice;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Extent;
import io.zerocopy.spi.Source;
import java.io.IOException;

/**
 * Skips the holes of a source file that is moved to another file. This happens before the mechanism is called, so
 * mechanisms do not handle holes: each gets only data, and holes are never read. Beyond the old end of the target,
 * skipping makes a hole; inside the target, the hole is punched. After a hole at the end the target is too short, until
 * {@link #settle()} extends it.
 *
 * <p>Any other kind of target gets zeros. Shared extents are not walked through, because they include the holes.
 */
final class Holes {
    private final OpenEndpoints endpoints;
    private Source source;
    private long bound;
    private boolean advised; // or no advice is needed
    private boolean walks;
    private long dataStart; // of the current extent
    private long dataEnd;
    private long skippedFrom; // in the target
    private long skippedTo; // the target's size must not be less; 0 if nothing was skipped
    private long sizeBefore; // the target's size, or -1 before anything was skipped
    private long lacking; // skipped bytes beyond the target's end

    Holes(OpenEndpoints endpoints) {
        this.endpoints = endpoints;
    }

    /** Begins to skip the holes of a range, like a new object. */
    void begin(SourceRange from) throws IOException {
        dataStart = 0;
        dataEnd = 0;
        skippedFrom = 0;
        skippedTo = 0;
        sizeBefore = -1;
        lacking = 0;
        this.source = from.port();
        EndpointFacts facts = source.facts();
        EndpointFacts target = endpoints.target().facts();
        this.bound = from.bound();
        this.advised = !endpoints.isSourceOwn();
        if (!advised
                && facts.kind() == EndpointKind.FILE
                && target.kind() != EndpointKind.FILE
                && bound >= OrderTable.WORTH_ADVICE) {
            source.advise(Advice.SEQUENTIAL, 0, 0);
        }
        this.walks = facts.kind() == EndpointKind.FILE
                && target.kind() == EndpointKind.FILE
                && !target.append()
                && KillSwitches.holesAreWalked();
    }

    /** Releases the source. */
    void end() {
        source = null;
    }

    /** Bytes from a position of the source to the next data; 0 if the position is in data, or if holes are unknown. */
    long at(long position) throws IOException {
        if (walks && position >= dataEnd) {
            Extent extent = source.extent(position, endpoints.isSourceBorrowed());
            walks = extent != null;
            if (walks) {
                dataStart = extent.start();
                dataEnd = extent.end();
                expectAll(position);
            }
        }
        return walks ? Math.max(0, dataStart - position) : 0;
    }

    /**
     * Makes the kernel read ahead twice as far if the whole range is data. It must not read ahead into unwritten space,
     * because that counts as data after it has been read.
     */
    private void expectAll(long position) throws IOException {
        if (!advised && dataStart <= position && dataEnd - position >= Math.max(OrderTable.WORTH_ADVICE, bound)) {
            source.advise(Advice.SEQUENTIAL, 0, 0);
        }
        advised = true;
    }

    /** Bytes of data from a position that is not in a hole. */
    long dataFrom(long position) {
        return walks ? dataEnd - position : Long.MAX_VALUE;
    }

    /**
     * Makes a range of the target read as zeros; false if the target cannot do this. The zeros are then moved like
     * other bytes.
     */
    boolean skip(long targetPosition, long count) throws IOException {
        sizeBefore = sizeBefore < 0 ? endpoints.target().size() : sizeBefore;
        if (!endpoints.target().zero(targetPosition, count)) {
            walks = false;
            return false;
        }
        skippedFrom = targetPosition;
        skippedTo = targetPosition + count;
        return true;
    }

    /** Extends the target by what was skipped at its end. */
    void settle() throws IOException {
        if (skippedTo > 0) {
            long size = skippedTo;
            skippedTo = 0;
            lacking = Math.max(0, size - sizeBefore);
            endpoints.target().extend(skippedFrom, size, endpoints.isTargetAlone());
            lacking = 0;
        }
    }

    /** Skipped bytes at the end that are missing, because the target could not be extended. */
    long lacking() {
        return lacking;
    }
}
