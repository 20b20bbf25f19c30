package io.zerocopy.internal;

import io.zerocopy.Part;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
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
 * The source side of one run: a port for each thing that bytes are taken from, however many parts name it, and the
 * ranges that are wanted, in order.
 */
final class Sources implements Closeable {
    private final Providers providers;
    private final Provider.Patience patience;
    private final SourceRange first = new SourceRange();
    private final List<SourceRange> alone = List.of(first); // as a rule
    private MemorySource memory; // used again
    private TransferSpec spec;
    private List<SourceRange> ranges = List.of();
    private Object single; // the path or channel that was named, where there is one source
    private Source singlePort; // acquired
    private Map<Object, Source> acquired = Map.of(); // those of parts, by what was named
    private List<Closeable> own = List.of();

    Sources(Providers providers, Provider.Patience patience) {
        this.providers = providers;
        this.patience = patience;
    }

    void open(TransferSpec of, boolean blocking) throws IOException {
        spec = of;
        if (!(spec.source() instanceof Parts parts)) {
            openSingle(blocking);
            ranges = alone;
            return;
        }
        ranges = new ArrayList<>();
        acquired = new HashMap<>();
        long left = spec.count();
        for (Part part : parts.list()) {
            SourceRange range = range(part, ranges.size() + 1, blocking);
            left = range.boundBy(left);
            ranges.add(range);
        }
    }

    /** Lets everything go, when all is over. */
    void end() {
        spec = null;
        single = null;
        if (memory != null) {
            memory.end();
        }
        first.end();
        ranges = List.of();
    }

    private void openSingle(boolean blocking) throws IOException {
        if (spec.source() instanceof ByteBuffer[] buffers) {
            memory = memory == null ? new MemorySource(buffers) : memory.begin(buffers);
            first.begin(memory, 0, spec.count(), false);
            return;
        }
        Source port = port(spec.source(), blocking);
        Facts facts = port.facts();
        if (spec.position() >= 0
                && !own.isEmpty()
                && own.get(0) instanceof SeekableByteChannel opened
                && !facts.kind().isFile()) {
            opened.position(spec.position()); // a file of another file system, such as one in a zip archive
        } else if (spec.position() >= 0 && !facts.kind().isFile()) {
            throw new IllegalArgumentException(
                    "a range needs a file as source, this is a " + facts.kind().label());
        }
        long start = 0;
        if (facts.kind().isFile()) {
            start = spec.position() >= 0 ? spec.position() : own.isEmpty() && !spec.ownSource() ? port.position() : 0;
        }
        first.begin(port, start, spec.count(), false);
        boolean aloneWithSmallCount = spec.count() <= OrderTable.ONE_STEP
                && start <= Long.MAX_VALUE / 2
                && spec.listener() == null
                && !spec.accompanied()
                && !(spec.target() instanceof Path);
        if (!aloneWithSmallCount) {
            first.tighten();
        }
    }

    private SourceRange range(Part part, int number, boolean blocking) throws IOException {
        if (part instanceof Part.Memory memory) {
            ByteBuffer[] buffers = memory.buffers().toArray(ByteBuffer[]::new);
            return new SourceRange().begin(new MemorySource(buffers), 0, Long.MAX_VALUE, true);
        }
        if (part instanceof Part.PathRegion region) {
            return region(region.path(), region.position(), region.count(), number, blocking);
        }
        Part.ChannelRegion region = (Part.ChannelRegion) part;
        return region(region.channel(), region.position(), region.count(), number, blocking);
    }

    private SourceRange region(Object file, long start, long count, int number, boolean blocking) throws IOException {
        Source port = port(file, blocking);
        Kind kind = port.facts().kind();
        if (!kind.isFile()) {
            throw new IllegalArgumentException("part " + number + " needs a file, this is a " + kind.label());
        }
        // What has no size that can be trusted may be longer than it says, or shorter; only its end will tell.
        boolean toItsEnd = count == Long.MAX_VALUE;
        SourceRange range = new SourceRange().begin(port, start, count, !toItsEnd || kind == Kind.FILE);
        range.tighten();
        if (!toItsEnd && range.bound() < count) {
            throw new EOFException("part " + number + " is the region [" + start + ", +" + count + ") of a file of "
                    + range.facts().size() + " bytes");
        }
        return range;
    }

    /** The port over a path or channel, made and acquired once. */
    private Source port(Object named, boolean blocking) throws IOException {
        Source known = acquired.get(named);
        if (known != null) {
            return known;
        }
        Source port;
        if (named instanceof Path path) {
            Closeable end = Paths.openSource(providers, path, spec.sourceOptions(), patience);
            own = own.isEmpty() ? new ArrayList<>(1) : own;
            own.add(end);
            port = providers.source(end);
        } else {
            Closeable end = providers.unwrap((Closeable) named);
            Usable.source(end, blocking);
            port = providers.source(end);
            Usable.readable(end, port.facts());
        }
        port.acquire();
        if (spec.source() instanceof Parts) {
            acquired.put(named, port);
        } else {
            single = named;
            singlePort = port;
        }
        return port;
    }

    /** What the source is made of: one range, or one for each part. */
    List<SourceRange> ranges() {
        return ranges;
    }

    /** Whether all that is read was opened by this run, so that nobody else minds how it is read ahead. */
    boolean areOwn() {
        return !own.isEmpty() && own.size() == (singlePort != null ? 1 : acquired.size());
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

    /** Refuses to open a target that would be emptied by it and is a source. */
    void refuseTruncated(Path target, Facts facts) throws IOException {
        if (singlePort != null) {
            refuseTruncated(target, facts, single, singlePort);
        }
        for (Map.Entry<Object, Source> entry : acquired.entrySet()) {
            refuseTruncated(target, facts, entry.getKey(), entry.getValue());
        }
    }

    private void refuseTruncated(Path target, Facts facts, Object named, Source port) throws IOException {
        Path from = named instanceof Path path ? path : null;
        Paths.refuseTruncatedSource(target, spec.options(), port, facts, from);
    }

    /** Moves a channel whose own position was used to behind what was delivered of it. */
    void advance(long body) throws IOException {
        boolean ownPosition =
                own.isEmpty() && !spec.ownSource() && spec.position() < 0 && !(spec.source() instanceof Parts);
        if (ownPosition && !ranges.isEmpty() && ranges.get(0).facts().kind().isFile()) {
            ranges.get(0).port().position(ranges.get(0).start() + body);
        }
    }

    void release() {
        if (singlePort != null) {
            Source port = singlePort;
            singlePort = null;
            port.release();
        }
        if (!acquired.isEmpty()) {
            acquired.values().forEach(Source::release);
            acquired.clear();
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
