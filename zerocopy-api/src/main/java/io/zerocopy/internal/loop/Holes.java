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
 * Walks over the holes of a source file on its way to another file, in front of whichever mechanism is at work, so that
 * none of them has to know: each is handed data alone, and what lies between is never read. In the target a hole comes
 * about by itself where the file was not as long, and is punched where it had bytes. A hole at the end leaves the target
 * too short, until {@link #settle()} extends it.
 *
 * <p>Every other target gets zeros, and shared extents need no walk: they take the holes along.
 */
final class Holes {
    private final OpenEndpoints endpoints;
    private Source source;
    private long bound;
    private boolean advised; // or not to be
    private boolean walks;
    private long dataStart; // of the extent that is being walked through
    private long dataEnd;
    private long skippedFrom; // in the target
    private long skippedTo; // its size must not be less, or 0 where nothing was skipped
    private long sizeBefore; // of the target, or -1 before anything was skipped
    private long lacking; // of what was skipped, behind the target's end

    Holes(OpenEndpoints endpoints) {
        this.endpoints = endpoints;
    }

    /** Walks over those of a range, as if new. */
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

    /** Lets the source go. */
    void end() {
        source = null;
    }

    /** Bytes from a position of the source up to the next data; 0 in data, or where nobody can tell. */
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
     * Has the kernel read ahead twice as far, where all is data. Not into space that was never written to, which counts as
     * data once it has been read.
     */
    private void expectAll(long position) throws IOException {
        if (!advised && dataStart <= position && dataEnd - position >= Math.max(OrderTable.WORTH_ADVICE, bound)) {
            source.advise(Advice.SEQUENTIAL, 0, 0);
        }
        advised = true;
    }

    /** Bytes of data from a position on that is in no hole. */
    long dataFrom(long position) {
        return walks ? dataEnd - position : Long.MAX_VALUE;
    }

    /** Has the target read as zeros in a range; false if it cannot, and zeros have to be written as all else is. */
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

    /** Makes the target as long as what was skipped at its end. */
    void settle() throws IOException {
        if (skippedTo > 0) {
            long size = skippedTo;
            skippedTo = 0;
            lacking = Math.max(0, size - sizeBefore);
            endpoints.target().extend(skippedFrom, size, endpoints.isTargetAlone());
            lacking = 0;
        }
    }

    /** Bytes at the end of what was skipped that are not there, since the target could not be made longer. */
    long lacking() {
        return lacking;
    }
}
