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
 * The source side of one transfer: a port for each thing that bytes are taken from, however many parts name it, and the
 * ranges that are wanted, in order. For a plan nothing is opened and nothing acquired.
 */
final class OpenSources implements Closeable {
    private final Providers providers;
    private final Provider.Patience patience;
    private final SourceRange first = new SourceRange();
    private final List<SourceRange> alone = List.of(first); // as a rule
    private MemorySource memory; // used again
    private TransferSpec spec;
    private List<SourceRange> ranges = List.of();
    private Source single; // where there is one source
    private Map<Object, Source> ports = Map.of(); // those of parts, by what was named
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

    /** Lets everything go, when all is over. */
    void end() {
        spec = null;
        if (memory != null) {
            memory.end();
        }
        first.end();
        ranges = List.of();
    }

    /** Whether the next run of the same transfer takes the same bytes by the same port, if nothing changes. */
    boolean canBeKept() {
        return ranges == alone
                && own.isEmpty()
                && first.facts().descriptor()
                && (spec.position() >= 0 || !first.facts().kind().isFile());
    }

    /** Keeps what is known before the first byte moves, for {@link #reopen()}. */
    void keep() {
        first.keep();
    }

    /** Opens again what was kept; false, and nothing is acquired, if that has changed. */
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
    void locate() throws IOException {
        if (first.isAtOwnPosition()) {
            first.locate(0);
            tightenSingle();
        }
    }

    /** Goes to the first byte in a file of another file system, such as one in a zip archive; false if there is none. */
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
        // What has no size that can be trusted may be longer than it says, or shorter; only its end will tell.
        boolean toItsEnd = count == Long.MAX_VALUE;
        SourceRange range = new SourceRange().begin(file, port, start, count, !toItsEnd || kind == EndpointKind.FILE);
        range.tighten();
        if (!toItsEnd && range.bound() < count) {
            throw new EOFException("part " + number + " is the region [" + start + ", +" + count + ") of a file of "
                    + range.facts().size() + " bytes");
        }
        return range;
    }

    /** The port over a path or channel, made and acquired once. */
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
        EndpointChecks.requireOpen(end, use == OpenEndpoints.Use.RUN);
        Source port = providers.source(end);
        EndpointChecks.requireReadable(end, port);
        return port;
    }

    /** What the source is made of: one range, or one for each part. */
    List<SourceRange> ranges() {
        return ranges;
    }

    /** Whether all that is read was opened by this run, so that nobody else minds how it is read ahead. */
    boolean areOwn() {
        return !own.isEmpty() && own.size() == (single != null ? 1 : ports.size());
    }

    /** Whether a channel of the caller's is read whose own position the transfer does not speak of. */
    boolean areBorrowed() {
        return spec.source() instanceof Parts || (spec.position() >= 0 && own.isEmpty());
    }

    void tighten() throws IOException {
        for (int i = 0; i < ranges.size(); i++) {
            ranges.get(i).tighten();
        }
    }

    /** Moves a channel whose own position was used to behind what was delivered of it. */
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
