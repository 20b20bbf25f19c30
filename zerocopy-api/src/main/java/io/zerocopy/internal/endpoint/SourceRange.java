package io.zerocopy.internal.endpoint;

import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Source;
import java.io.IOException;

/** One source of a run: a port, and which bytes of it are wanted. */
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
    private boolean looseAtFirst; // as the next two, of a range that is wanted again and again
    private long boundAtFirst;
    private EndpointFacts factsAtFirst;
    private boolean loose; // the size of a file has not been looked at yet
    private boolean atOwnPosition; // which has not been asked for yet, so that start means nothing

    /**
     * Wants bytes of a source, as if new.
     *
     * @param named the path or channel that the caller named
     * @param port the source's port, acquired
     * @param start file position of the first byte; 0 where there are no positions
     * @param count bytes wanted at most
     * @param whole whether all of them must be there, because of what follows them
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

    /** Says that the file was opened for this transfer, so that its size was looked at when that was done. */
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

    /** Bounds the range by the size that the file has now, if that has not been done. */
    public void tighten() throws IOException {
        if (loose) {
            loose = false;
            facts = sized(facts, opened ? port.openedSize() : port.size());
            bound = facts.size() < 0 ? bound : Math.min(bound, Math.max(0, facts.size() - start));
        }
    }

    /** The facts of one file after another are made once while they are the same. */
    private EndpointFacts sized(EndpointFacts unsized, long size) {
        if (unsized != lastUnsized || lastSized.size() != size) {
            lastUnsized = unsized;
            lastSized = unsized.withSize(size);
        }
        return lastSized;
    }

    /** Keeps what is known before the first byte moves, for {@link #reopen()}. */
    void keep() {
        looseAtFirst = loose;
        boundAtFirst = bound;
        factsAtFirst = facts;
    }

    /** Wants the same bytes again; false if the port, or the size that was looked at before the first byte, has changed. */
    boolean reopen() throws IOException {
        loose = looseAtFirst;
        bound = boundAtFirst;
        facts = factsAtFirst;
        return port.isCurrent() && (loose || facts.kind() != EndpointKind.FILE || port.size() == facts.size());
    }

    /** Lets the port go. */
    void end() {
        named = null;
        port = null;
        facts = null;
        factsAtFirst = null;
    }

    /** Leaves the rest of what a transfer may take, after this range has had its share. */
    long boundBy(long left) {
        bound = Math.min(bound, left);
        return left == Long.MAX_VALUE ? left : left - bound;
    }

    /** The path or channel that the caller named. */
    Object named() {
        return named;
    }

    /** The source for messages: as the caller named it, or as its port does. */
    String name() {
        return EndName.of(named, port);
    }

    public Source port() {
        return port;
    }

    /** File position of the first byte; 0 where there are no positions. */
    public long start() {
        return start;
    }

    /** Most bytes: what was asked for, and no more than a file held at the start. */
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
