package io.zerocopy.internal.endpoint;

import io.zerocopy.Part;
import io.zerocopy.internal.plan.OrderTable;
import io.zerocopy.internal.plan.Parts;
import io.zerocopy.internal.plan.Providers;
import io.zerocopy.internal.plan.TransferSpec;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The source side of one transfer: the wanted ranges, in order, and one port for each path, channel or stream, even if
 * several parts name it. A plan opens and acquires nothing.
 */
final class OpenSources implements Closeable {
    private final Providers providers;
    private final Provider.Patience patience;
    private final SourceRange first = new SourceRange();
    private final List<SourceRange> alone = List.of(first); // the usual list of ranges
    private MemorySource memory; // used for one transfer after another
    private TransferSpec spec;
    private List<SourceRange> ranges = List.of();
    private Source single; // the port if there is one source
    private Map<Object, Source> ports = Map.of(); // the ports of parts, by the path or channel that the caller named
    private OpenEndpoints.Use use;
    private List<Closeable> own = List.of();

    OpenSources(Providers providers, Provider.Patience patience) {
        this.providers = providers;
        this.patience = patience;
    }

    void open(TransferSpec of, OpenEndpoints.Use wanted) throws IOException {
        spec = of;
        use = wanted;
        if (!(spec.source() instanceof Parts parts)) {
            openSingle();
            ranges = alone;
            return;
        }
        ranges = new ArrayList<>();
        ports = new HashMap<>();
        long left = spec.count();
        for (Part part : parts.list()) {
            SourceRange range = range(part, ranges.size() + 1);
            left = range.boundBy(left);
            ranges.add(range);
        }
    }

    /** Releases all references at the end. */
    void end() {
        spec = null;
        if (memory != null) {
            memory.end();
        }
        first.end();
        ranges = List.of();
    }

    /** Whether the next run of the same transfer reads the same bytes through the same port, if nothing changes. */
    boolean canBeKept() {
        return ranges == alone
                && own.isEmpty()
                && first.facts().descriptor()
                && (spec.position() >= 0 || !first.facts().kind().isFile());
    }

    /** Keeps the facts from before the first byte, for {@link #reopen()}. */
    void keep() {
        first.keep();
    }

    /** Opens the kept source again; false if it has changed, and then nothing is acquired. */
    boolean reopen() throws IOException {
        Source port = first.port();
        port.acquire();
        if (first.reopen()) {
            single = port;
            return true;
        }
        port.release();
        return false;
    }

    private void openSingle() throws IOException {
        if (spec.source() instanceof ByteBuffer[] buffers) {
            memory = memory == null ? new MemorySource(buffers) : memory.begin(buffers);
            first.begin(memory, memory, 0, spec.count(), false);
            return;
        }
        Source port = port(spec.source());
        EndpointFacts facts = port.facts();
        if (spec.position() >= 0 && !facts.kind().isFile() && !seek(port)) {
            throw new IllegalArgumentException(
                    "a range needs a file as source, this is a " + facts.kind().label());
        }
        boolean ownPosition = facts.kind().isFile() && usesOwnPosition();
        boolean unasked = ownPosition && mayLeaveUnasked(port);
        long start = ownPosition && !unasked ? port.position() : Math.max(0, spec.position());
        first.begin(spec.source(), port, start, spec.count(), false);
        if (unasked) {
            first.beginAtOwnPosition();
            return;
        }
        if (use != OpenEndpoints.Use.PLAN && (!own.isEmpty() || spec.ownSource())) {
            first.opened();
        }
        tightenSingle();
    }

    private void tightenSingle() throws IOException {
        boolean aloneWithSmallCount = spec.count() <= OrderTable.ONE_STEP
                && first.start() <= Long.MAX_VALUE / 2
                && spec.listener() == null
                && !spec.accompanied()
                && !(spec.target() instanceof Path);
        if (!aloneWithSmallCount || use == OpenEndpoints.Use.PLAN) {
            first.tighten();
        }
    }

    /** Whether the source, if it has positions, is a channel of the caller's that is read from where it stands. */
    private boolean usesOwnPosition() {
        return own.isEmpty() && !spec.ownSource() && spec.position() < 0 && !(spec.source() instanceof Parts);
    }

    /**
     * Whether neither position nor size of a file is asked for before its first bytes have moved: it is likely to have so
     * few that one step moves all. Not in a session, between whose steps the owner may use the channel.
     */
    private boolean mayLeaveUnasked(Source port) {
        long likely = port.lastSize();
        return use == OpenEndpoints.Use.RUN
                && likely >= 0
                && likely <= OrderTable.ONE_STEP
                && spec.listener() == null
                && !spec.accompanied()
                && !spec.dropBehind();
    }

    /** Asks for the own position of a file after all, before anything has moved, where the target needs it. */
    void locate(EndpointFacts target) throws IOException {
        if (first.isAtOwnPosition() && !(target.kind().isSocket() && target.descriptor())) {
            first.locate(0);
            tightenSingle();
        }
    }

    /**
     * Sets the position in a file of a file system that is not the default one, such as a zip archive; false if it has
     * no positions.
     */
    private boolean seek(Source port) throws IOException {
        if (!own.isEmpty() && own.get(0) instanceof SeekableByteChannel opened) {
            opened.position(spec.position());
            return true;
        }
        return port instanceof DescribedSource && port.facts().kind() == EndpointKind.OPAQUE;
    }

    private SourceRange range(Part part, int number) throws IOException {
        if (part instanceof Part.Memory memory) {
            ByteBuffer[] buffers = memory.buffers().toArray(ByteBuffer[]::new);
            Source memoryOfPart = new MemorySource(buffers);
            return new SourceRange().begin(memoryOfPart, memoryOfPart, 0, Long.MAX_VALUE, true);
        }
        if (part instanceof Part.PathRegion region) {
            return region(region.path(), region.position(), region.count(), number);
        }
        Part.ChannelRegion region = (Part.ChannelRegion) part;
        return region(region.channel(), region.position(), region.count(), number);
    }

    private SourceRange region(Object file, long start, long count, int number) throws IOException {
        Source port = port(file);
        EndpointKind kind = port.facts().kind();
        if (!kind.isFile()) {
            throw new IllegalArgumentException("part " + number + " needs a file, this is a " + kind.label());
        }
        // A file whose size is unreliable may be longer or shorter than it says; only reading to its end shows it.
        boolean toItsEnd = count == Long.MAX_VALUE;
        SourceRange range = new SourceRange().begin(file, port, start, count, !toItsEnd || kind == EndpointKind.FILE);
        range.tighten();
        if (!toItsEnd && range.bound() < count) {
            throw new EOFException("part " + number + " is the region [" + start + ", +" + count + ") of a file of "
                    + range.facts().size() + " bytes");
        }
        return range;
    }

    /** The port over a path or channel, created and acquired once. */
    private Source port(Object named) throws IOException {
        Source known = ports.get(named);
        if (known != null) {
            return known;
        }
        Source port = named instanceof Path path ? portOf(path) : portOf((Closeable) named);
        if (use != OpenEndpoints.Use.PLAN) {
            port.acquire();
        }
        if (spec.source() instanceof Parts) {
            ports.put(named, port);
        } else {
            single = port;
        }
        return port;
    }

    private Source portOf(Path path) throws IOException {
        if (use == OpenEndpoints.Use.PLAN) {
            return new DescribedSource(providers.describe(path, false));
        }
        Closeable end = PathOpener.source(providers, path, spec.sourceOptions(), patience);
        own = own.isEmpty() ? new ArrayList<>(1) : own;
        own.add(end);
        return providers.source(end);
    }

    private Source portOf(Closeable named) throws IOException {
        Closeable end = providers.unwrap(named);
        EndpointChecks.requireOpen(EndpointChecks.SOURCE, end, use == OpenEndpoints.Use.RUN);
        Source port = providers.source(end);
        EndpointChecks.requireReadable(end, port);
        return port;
    }

    /** The ranges of the source: one, or one for each part. */
    List<SourceRange> ranges() {
        return ranges;
    }

    /** Whether this run has opened all its sources, so that a change of their read-ahead affects no other code. */
    boolean areOwn() {
        return !own.isEmpty() && own.size() == (single != null ? 1 : ports.size());
    }

    /** Whether a channel of the caller is read at given positions, so that its own position must not change. */
    boolean areBorrowed() {
        return spec.source() instanceof Parts || (spec.position() >= 0 && own.isEmpty());
    }

    void tighten() throws IOException {
        for (int i = 0; i < ranges.size(); i++) {
            ranges.get(i).tighten();
        }
    }

    /** If the channel's own position was used, moves it behind the delivered bytes. */
    void advance(long body) throws IOException {
        if (ranges.isEmpty() || !usesOwnPosition()) {
            return;
        }
        SourceRange range = ranges.get(0);
        if (range.facts().kind().isFile() && !range.isAtOwnPosition()) {
            range.port().position(range.start() + body);
        }
    }

    void release() {
        Source port = single;
        Map<Object, Source> several = ports;
        single = null;
        ports = Map.of();
        if (use == OpenEndpoints.Use.PLAN) {
            return; // nothing was acquired
        }
        if (port != null) {
            port.release();
        }
        if (!several.isEmpty()) {
            several.values().forEach(Source::release);
        }
    }

    @Override
    public void close() throws IOException {
        release();
        if (own.isEmpty()) {
            return;
        }
        IOException failure = null;
        for (Closeable file : own) {
            try {
                file.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        own = List.of();
        if (failure != null) {
            throw failure;
        }
    }
}
