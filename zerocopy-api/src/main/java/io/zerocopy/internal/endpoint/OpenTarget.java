package io.zerocopy.internal.endpoint;

import io.zerocopy.internal.file.CreatedTarget;
import io.zerocopy.internal.file.FileNames;
import io.zerocopy.internal.plan.Providers;
import io.zerocopy.internal.plan.TransferSpec;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Target;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The target side of one transfer. {@link #describe} says what the target is, or will be, and changes nothing; {@link #open}
 * opens what was named by path. A file that exists keeps its content until the first bytes have arrived, and a file that
 * was made for nothing is removed again, if it is still the same one.
 */
final class OpenTarget implements Closeable {
    /** The JDK's option is in a module that need not be there. */
    private static final String DIRECT = "DIRECT";

    private static final int ZEROS = 64 << 10;

    private final Providers providers;
    private TransferSpec spec;
    private Closeable own; // the channel of a path
    private Target port;
    private EndpointFacts facts;
    private long start = Target.NO_POSITION;
    private boolean acquired;
    private boolean created;
    private boolean truncateLater;
    private Throwable thrown; // by the last call that no mover made

    OpenTarget(Providers providers) {
        this.providers = providers;
    }

    /** Describes what the caller named: a channel or stream as it is, a path as the file that it will be once it is open. */
    void describe(TransferSpec of, boolean blocking) throws IOException {
        spec = of;
        if (spec.target() instanceof Path path) {
            facts = asOpened(providers.describe(path, true));
        } else {
            Closeable end = providers.unwrap((Closeable) spec.target());
            EndpointChecks.requireOpen(EndpointChecks.TARGET, end, blocking);
            port = providers.target(end);
            EndpointChecks.requireWritable(end, port);
            facts = OpenEndpoints.facts(port);
        }
        place();
    }

    private EndpointFacts asOpened(EndpointFacts found) {
        boolean append = false;
        boolean truncates = false;
        boolean direct = false;
        for (OpenOption option : spec.options()) {
            append |= option == StandardOpenOption.APPEND;
            truncates |= option == StandardOpenOption.TRUNCATE_EXISTING;
            direct |= option.toString().equals(DIRECT) && found.kind() == EndpointKind.FILE;
        }
        return found.opened(truncates && found.size() > 0 ? 0 : found.size(), append, direct);
    }

    /** Opens a path and prepares the end for the transfer. */
    void open(Provider.Patience patience) throws IOException {
        if (spec.target() instanceof Path path) {
            boolean atPosition = spec.targetPosition() >= 0;
            PathOpener.Opened opened = PathOpener.target(providers, path, spec.options(), facts, atPosition, patience);
            own = (Closeable) opened.channel();
            created = opened.created();
            port = providers.target(own);
            facts = OpenEndpoints.facts(port);
            boolean hasSize = facts.kind() != EndpointKind.PIPE && facts.kind() != EndpointKind.DEVICE;
            truncateLater = opened.truncateLater() && hasSize;
            place();
        }
        port.acquire();
        acquired = true;
    }

    /** Whether the next run of the same transfer brings its bytes to the same place, if nothing changes. */
    boolean canBeKept() {
        boolean placed = spec.targetPosition() >= 0 || !facts.kind().isFile();
        return placed && facts.descriptor() && !(spec.target() instanceof Path);
    }

    /** Opens again what was kept; false if that has changed. */
    boolean reopen() throws IOException {
        if (!port.isCurrent() || EndpointChecks.isShut(port)) {
            return false;
        }
        port.acquire();
        acquired = true;
        return true;
    }

    /** Finds where the first byte goes. */
    private void place() throws IOException {
        boolean positional = facts.kind().isFile() && !facts.append();
        boolean unknown = facts.kind() == EndpointKind.OPAQUE && port == null; // a file of another file system
        if (spec.targetPosition() >= 0 && !positional && !unknown) {
            throw new IllegalArgumentException(
                    "a target position needs a file that is not open for append, this is a " + facts.label());
        }
        start = !positional
                ? Target.NO_POSITION
                : spec.targetPosition() >= 0
                        ? spec.targetPosition()
                        : spec.target() instanceof Path || spec.newTarget() ? 0 : port.position();
    }

    Target port() {
        return port;
    }

    /** Whether its mode would be switched for a call that has no flag of its own; never that of a path. */
    boolean switchesMode() {
        return port != null && port.switchesMode();
    }

    /** What the target is, or will be. */
    EndpointFacts facts() {
        return facts;
    }

    /** File position of the first byte written, or {@link Target#NO_POSITION}. */
    long start() {
        return start;
    }

    /** Whether the caller's options cut a file that exists. */
    boolean truncates() {
        return spec.target() instanceof Path && hasTruncation();
    }

    private boolean hasTruncation() {
        return Arrays.asList(spec.options()).contains(StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** Whether nobody else can mean to write to the target: it has just come into being. */
    boolean isAlone() {
        return spec.newTarget() || (own != null && (created || hasTruncation()) && spec.targetPosition() < 0);
    }

    /** Whether this transfer has opened the target by its name. */
    boolean isOwn() {
        return own != null;
    }

    /** Whether a call on the target has thrown this. */
    boolean hasThrown(Throwable failure) {
        return failure == thrown || (port != null && port.hasThrown(failure));
    }

    private interface Call {
        void run() throws IOException;
    }

    /** Makes a call on the target, and remembers what it throws. */
    private void call(Call call) throws IOException {
        try {
            call.run();
        } catch (Throwable e) {
            thrown = e;
            throw e;
        }
    }

    /** Cuts what a file held behind a position, once the first bytes have arrived; does nothing a second time. */
    void truncateBehind(long end) throws IOException {
        if (truncateLater && own instanceof SeekableByteChannel file) {
            truncateLater = false;
            call(() -> {
                file.truncate(end);
                clear(Math.min(start, end));
            });
        }
    }

    /** Whether a file that is to be emptied gets its first byte behind its start. */
    boolean needsZerosAhead() {
        return truncateLater && start > 0;
    }

    /** Empties a file ahead, unless its file system has no room for a byte at the first position. */
    void truncateAhead() throws IOException {
        port.write(ByteBuffer.wrap(new byte[1]), start); // fails while what the file held is there
        truncateBehind(0);
    }

    /** What stood in front of the first byte is gone as well. */
    private void clear(long size) throws IOException {
        if (size <= 0 || port.zero(0, size)) {
            return;
        }
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(size, ZEROS));
        for (long at = 0; at < size; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), size - at));
            at += port.write(zeros, at);
        }
    }

    /** Moves the caller's channel behind what was delivered, where its own position was used. */
    void advance(long total) throws IOException {
        boolean ownPosition = !(spec.target() instanceof Path) && !spec.newTarget() && spec.targetPosition() < 0;
        if (ownPosition && start >= 0 && acquired) {
            call(() -> port.position(start + total));
        }
    }

    /** Brings the target to disk: its data, its size and, where it was opened by name, its name. */
    void force() throws IOException {
        call(() -> {
            port.force();
            if (spec.target() instanceof Path path && facts.kind() == EndpointKind.FILE) {
                FileNames.forceDirectory(path);
            }
        });
    }

    /** Removes a file that this transfer has made and that is still empty, if that can be known of a name; before it is closed. */
    void discardEmpty() throws IOException {
        if (created && own instanceof Channel made && spec.target() instanceof Path path) {
            CreatedTarget.discardEmpty(providers, path, made, port);
        }
    }

    void release() {
        if (acquired) {
            acquired = false;
            port.release();
        }
    }

    /** Closes what {@link #open} opened; an error at the close of a target is an error of the transfer. */
    @Override
    public void close() throws IOException {
        release();
        Closeable opened = own;
        own = null;
        if (opened != null) {
            call(opened::close);
        }
    }

    /** Lets everything go, as new. */
    void end() {
        spec = null;
        own = null;
        port = null;
        facts = null;
        start = Target.NO_POSITION;
        created = false;
        truncateLater = false;
        thrown = null;
    }
}
