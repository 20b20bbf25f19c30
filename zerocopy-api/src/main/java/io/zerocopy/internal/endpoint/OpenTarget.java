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
 * The target side of one transfer. {@link #describe} finds out what the target is, or will be, and changes nothing.
 * {@link #open} opens a target that was named by path. An existing file keeps its content until the first bytes have
 * arrived. A file that was created and got no bytes is removed again, if it is still the same file.
 */
final class OpenTarget implements Closeable {
    /** The option is in a module of the JDK that may be missing. */
    private static final String DIRECT = "DIRECT";

    private static final int ZEROS = 64 << 10;

    private final Providers providers;
    private TransferSpec spec;
    private Closeable own; // the channel that was opened for a path
    private Target port;
    private EndpointFacts facts;
    private long start = Target.NO_POSITION;
    private boolean acquired;
    private boolean created;
    private boolean truncateLater;
    private Throwable thrown; // by the last call outside a mover

    OpenTarget(Providers providers) {
        this.providers = providers;
    }

    /**
     * Describes what the caller named: a channel or stream in its current state, a path as the file that it will be
     * when it is open.
     */
    void describe(TransferSpec of, boolean blocking) throws IOException {
        spec = of;
        if (spec.target() instanceof Path path) {
            facts = asOpened(providers.describe(path, true));
        } else {
            Closeable end = providers.unwrap((Closeable) spec.target());
            EndpointChecks.requireOpen(end, blocking);
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

    /** Opens the file if the target is a path, and prepares the target for the transfer. */
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

    /** Whether the next run of the same transfer writes to the same place, if nothing changes. */
    boolean canBeKept() {
        boolean placed = spec.targetPosition() >= 0 || !facts.kind().isFile();
        return placed && facts.descriptor() && !(spec.target() instanceof Path);
    }

    /** Opens the kept target again; false if it has changed. */
    boolean reopen() throws IOException {
        if (!port.isCurrent() || EndpointChecks.isShut(port)) {
            return false;
        }
        port.acquire();
        acquired = true;
        return true;
    }

    /** Finds the position of the first byte. */
    private void place() throws IOException {
        boolean positional = facts.kind().isFile() && !facts.append();
        boolean unknown = facts.kind() == EndpointKind.OPAQUE && port == null; // not on the default file system
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

    /** Whether a call without a flag of its own would switch the target's mode; always false for a path. */
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

    /** Whether the caller's options truncate an existing file. */
    boolean truncates() {
        return spec.target() instanceof Path && hasTruncation();
    }

    private boolean hasTruncation() {
        return Arrays.asList(spec.options()).contains(StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** Whether no other code is expected to write to the target, because it is new or was just emptied. */
    boolean isAlone() {
        return spec.newTarget() || (own != null && (created || hasTruncation()) && spec.targetPosition() < 0);
    }

    /** Whether this transfer has opened the target by path. */
    boolean isOwn() {
        return own != null;
    }

    /** Whether a call on the target has thrown this object. */
    boolean hasThrown(Throwable failure) {
        return failure == thrown || (port != null && port.hasThrown(failure));
    }

    private interface Call {
        void run() throws IOException;
    }

    /** Makes a call on the target, and remembers what the call throws. */
    private void call(Call call) throws IOException {
        try {
            call.run();
        } catch (Throwable e) {
            thrown = e;
            throw e;
        }
    }

    /**
     * Truncates the old content of a file behind a position, after the first bytes have arrived. A second call does
     * nothing.
     */
    void truncateBehind(long end) throws IOException {
        if (truncateLater && own instanceof SeekableByteChannel file) {
            truncateLater = false;
            call(() -> {
                file.truncate(end);
                clear(Math.min(start, end));
            });
        }
    }

    /** Whether a file that will be emptied gets its first byte at a position greater than 0. */
    boolean needsZerosAhead() {
        return truncateLater && start > 0;
    }

    /** Empties a file before the first byte, unless its file system has no room for a byte at the first position. */
    void truncateAhead() throws IOException {
        port.write(ByteBuffer.wrap(new byte[1]), start); // if this fails, the old content is still there
        truncateBehind(0);
    }

    /** Replaces the old content before the first byte by zeros. */
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

    /** If the channel's own position was used, moves it behind the delivered bytes. */
    void advance(long total) throws IOException {
        boolean ownPosition = !(spec.target() instanceof Path) && !spec.newTarget() && spec.targetPosition() < 0;
        if (ownPosition && start >= 0 && acquired) {
            call(() -> port.position(start + total));
        }
    }

    /** Forces the target to disk: its data, its size and, if it was opened by path, its name. */
    void force() throws IOException {
        call(() -> {
            port.force();
            if (spec.target() instanceof Path path && facts.kind() == EndpointKind.FILE) {
                FileNames.forceDirectory(path);
            }
        });
    }

    /**
     * Removes a file that this transfer has created and that is still empty, if the name surely belongs to it. Call
     * this before the file is closed.
     */
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

    /** Closes what {@link #open} opened. An error when a target is closed is an error of the transfer. */
    @Override
    public void close() throws IOException {
        release();
        Closeable opened = own;
        own = null;
        if (opened != null) {
            call(opened::close);
        }
    }

    /** Releases all references, so that the object is like a new one. */
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
