package io.zerocopy.internal.endpoint;

import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Source;
import java.io.IOException;

/** One source of a run: a port, and the range of bytes to read from it. */
public final class SourceRange {
    private Object named;
    private Source port;
    private long start;
    private boolean whole;
    private EndpointFacts facts;
    private long bound;
    private EndpointFacts lastUnsized;
    private EndpointFacts lastSized;
    private boolean opened;
    private boolean looseAtFirst; // this and the next two fields are for a range that is used again
    private long boundAtFirst;
    private EndpointFacts factsAtFirst;
    private boolean loose; // the size of the file has not been checked yet
    private boolean atOwnPosition; // whether start is not known yet: it is the position of the channel

    /**
     * Sets the range, like a new object.
     *
     * @param named the path or channel that the caller named
     * @param port the source's port, acquired
     * @param start file position of the first byte; 0 if the source has no positions
     * @param count the most bytes wanted
     * @param whole whether all of them must exist, because other bytes follow them
     */
    SourceRange begin(Object named, Source port, long start, long count, boolean whole) {
        this.opened = false;
        this.atOwnPosition = false;
        this.named = named;
        this.port = port;
        this.start = start;
        this.whole = whole;
        this.facts = OpenEndpoints.facts(port);
        this.loose = facts.kind() == EndpointKind.FILE;
        this.bound = facts.kind() == EndpointKind.MEMORY ? Math.min(count, facts.size()) : count;
        return this;
    }

    /** Records that the file was opened for this transfer, so that its size was read when it was opened. */
    void opened() {
        opened = true;
    }

    /** Leaves the channel's own position, where the range begins, and the size to {@link #locate}. */
    void beginAtOwnPosition() {
        atOwnPosition = true;
    }

    /** Whether the range begins at the channel's own position, which nobody has asked for: calls move it by themselves. */
    public boolean isAtOwnPosition() {
        return atOwnPosition;
    }

    /** Asks for the channel's own position, which calls have moved by some bytes of the range. */
    public void locate(long moved) throws IOException {
        if (atOwnPosition) {
            start = port.position() - moved;
            atOwnPosition = false;
        }
    }

    /** Bytes that are likely to be there: those that are wanted, and no more than the file had when it was last looked at. */
    long likely() {
        return atOwnPosition ? Math.min(bound, port.lastSize()) : bound;
    }

    /** Limits the range to the current size of the file, if that has not been done. */
    public void tighten() throws IOException {
        if (loose) {
            loose = false;
            facts = sized(facts, opened ? port.openedSize() : port.size());
            bound = facts.size() < 0 ? bound : Math.min(bound, Math.max(0, facts.size() - start));
        }
    }

    /** Creates facts once for consecutive files with the same facts and size. */
    private EndpointFacts sized(EndpointFacts unsized, long size) {
        if (unsized != lastUnsized || lastSized.size() != size) {
            lastUnsized = unsized;
            lastSized = unsized.withSize(size);
        }
        return lastSized;
    }

    /** Keeps the facts from before the first byte, for {@link #reopen()}. */
    void keep() {
        looseAtFirst = loose;
        boundAtFirst = bound;
        factsAtFirst = facts;
    }

    /**
     * Sets the same range again; false if the port has changed, or the size if it was checked before the first byte.
     */
    boolean reopen() throws IOException {
        loose = looseAtFirst;
        bound = boundAtFirst;
        facts = factsAtFirst;
        return port.isCurrent() && (loose || facts.kind() != EndpointKind.FILE || port.size() == facts.size());
    }

    /** Releases the port. */
    void end() {
        atOwnPosition = false;
        named = null;
        port = null;
        facts = null;
        factsAtFirst = null;
    }

    /** Limits this range to the remaining bytes of a transfer. Returns how many remain after it. */
    long boundBy(long left) {
        bound = Math.min(bound, left);
        return left == Long.MAX_VALUE ? left : left - bound;
    }

    /** The path or channel that the caller named. */
    Object named() {
        return named;
    }

    /** The source's name for messages, from the caller or from its port. */
    String name() {
        return EndName.of(named, port);
    }

    public Source port() {
        return port;
    }

    /** File position of the first byte; 0 if the source has no positions. */
    public long start() {
        return start;
    }

    /** The most bytes: as requested, limited by the size that the file had at the start. */
    public long bound() {
        return bound;
    }

    public boolean whole() {
        return whole;
    }

    public EndpointFacts facts() {
        return facts;
    }
}
