package io.zerocopy.internal.build;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.ProgressListener;
import io.zerocopy.Transfer;
import io.zerocopy.internal.plan.NamedMechanism;
import io.zerocopy.internal.plan.Parts;
import io.zerocopy.internal.plan.Providers;
import io.zerocopy.internal.plan.TransferWishes;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Fills in a {@code TransferSpec}. Throws the refusals that do not depend on the state of the ends. */
public final class TransferBuilder implements Transfer.Builder {
    private static final int MOST_AT_ONCE = 256;
    private static final long UNSAID = -1;
    private static final ByteBuffer[] NONE = {};

    final Object source; // a Path, a ByteBuffer[], a readable channel, an input stream, or Parts
    Object target; // a Path, a writable channel or an output stream
    long position = -1; // first byte of the source, or -1 for the current position
    private long ranged = Long.MAX_VALUE; // most bytes of the range
    private long counted = UNSAID; // most bytes, if set by a count and not by a range
    long targetPosition = -1; // first byte in the target, or -1 for the current position
    private TransferWishes.Draft said; // null while the caller has made no other settings

    /**
     * Starts a transfer.
     *
     * @param source a path, an array of buffers, a readable channel, an input stream, or {@link Parts}
     */
    public TransferBuilder(Object source) {
        Object from = DuplexChannel.input(Objects.requireNonNull(source, "source"));
        if (from instanceof ByteBuffer[] buffers) {
            from = requireElements(buffers.clone(), "source");
            requireDistinct(buffers);
        } else if (from instanceof Parts parts) {
            requireDistinct(parts.buffers());
        }
        refuseDatagrams(from);
        this.source = from;
    }

    private static void refuseDatagrams(Object end) {
        if (end instanceof DatagramChannel) {
            throw new IllegalArgumentException(
                    "datagram channels keep message boundaries, which a byte transfer cannot: " + end);
        }
    }

    /** Refuses a buffer that occurs twice: it has only one position, so it cannot be delivered twice. */
    private static void requireDistinct(ByteBuffer[] buffers) {
        if (buffers.length < 2) {
            return;
        }
        Set<ByteBuffer> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (ByteBuffer buffer : buffers) {
            if (buffer.capacity() > 0 && !seen.add(buffer)) {
                throw new IllegalArgumentException("the same buffer twice; pass a duplicate() of it");
            }
        }
    }

    /** All buffers in their order: header, source if it consists of buffers, trailer. */
    private ByteBuffer[] around() {
        ByteBuffer[] body = source instanceof ByteBuffer[] buffers
                ? buffers
                : source instanceof Parts parts ? parts.buffers() : NONE;
        return Stream.of(said.header, body, said.trailer).flatMap(Stream::of).toArray(ByteBuffer[]::new);
    }

    private static ByteBuffer[] requireElements(ByteBuffer[] buffers, String name) {
        Objects.requireNonNull(buffers, name);
        for (ByteBuffer buffer : buffers) {
            Objects.requireNonNull(buffer, name);
        }
        return buffers;
    }

    @Override
    public Transfer.Builder to(Path path, OpenOption... openOptions) {
        Objects.requireNonNull(path, "target");
        OpenOption[] given = openOptions.length == 0 ? null : withWrite(openOptions);
        this.target = path;
        if (given != null || said != null) {
            said().targetOptions = given;
        }
        return this;
    }

    private static OpenOption[] withWrite(OpenOption[] given) {
        boolean write = false;
        for (OpenOption option : given) {
            Objects.requireNonNull(option, "option");
            if (option == StandardOpenOption.READ) {
                throw new IllegalArgumentException("READ not allowed for a target");
            }
            write |= option == StandardOpenOption.WRITE;
        }
        if (write) {
            return given.clone();
        }
        OpenOption[] all = Arrays.copyOf(given, given.length + 1);
        all[given.length] = StandardOpenOption.WRITE;
        return all;
    }

    @Override
    public Transfer.Builder to(WritableByteChannel channel) {
        Object output = DuplexChannel.output(Objects.requireNonNull(channel, "target"));
        refuseDatagrams(output);
        this.target = output;
        return this;
    }

    @Override
    public Transfer.Builder to(OutputStream stream) {
        this.target = Objects.requireNonNull(stream, "target");
        return this;
    }

    /** Says that the source was opened for this transfer, and, if it is a file, that its position is its start. */
    public TransferBuilder ownSource() {
        said().ownSource = true;
        return this;
    }

    /** Sets the options for a source path that is opened with more than {@code READ}. */
    TransferBuilder openedWith(Set<OpenOption> options) {
        said().sourceOptions = options;
        return this;
    }

    /** Sets the target to a file that was created for this transfer and that no other code writes to. */
    public Transfer.Builder toNew(WritableByteChannel channel) {
        said().newTarget = true;
        return to(channel);
    }

    /** Sets the target to a FIFO or device that was opened for this transfer. */
    public Transfer.Builder toOpened(Channel channel) {
        this.target = channel;
        return this;
    }

    @Override
    public Transfer.Builder range(long first, long bytes) {
        if (first < 0) {
            throw new IllegalArgumentException("negative position: " + first);
        }
        if (source instanceof ByteBuffer[] || source instanceof Parts) {
            throw new IllegalArgumentException("a range needs a file as source; buffers and parts have their own");
        }
        if (counted != UNSAID) {
            throw new IllegalArgumentException("range(" + first + ", " + bytes + ") after count(" + counted
                    + "): a range has a count of its own, leave the other one out");
        }
        this.ranged = requireCount(bytes);
        this.position = first;
        return this;
    }

    @Override
    public Transfer.Builder count(long bytes) {
        this.counted = requireCount(bytes);
        return this;
    }

    private static long requireCount(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("negative count: " + bytes);
        }
        return bytes;
    }

    /** The most bytes of the source: limited by its range and by the count. */
    long count() {
        return counted == UNSAID ? ranged : Math.min(ranged, counted);
    }

    @Override
    public Transfer.Builder targetPosition(long first) {
        if (first < 0) {
            throw new IllegalArgumentException("negative target position: " + first);
        }
        this.targetPosition = first;
        return this;
    }

    @Override
    public Transfer.Builder header(ByteBuffer... before) {
        ByteBuffer[] own = requireElements(before, "header").clone();
        requireDistinct(own);
        said().header = own;
        return this;
    }

    @Override
    public Transfer.Builder trailer(ByteBuffer... after) {
        ByteBuffer[] own = requireElements(after, "trailer").clone();
        requireDistinct(own);
        said().trailer = own;
        return this;
    }

    @Override
    public Transfer.Builder use(Mechanism mechanism, Preference preference) {
        Objects.requireNonNull(mechanism, "mechanism");
        Objects.requireNonNull(preference, "preference");
        Preference[] changed = said().preferences.clone(); // a transfer that was built before keeps the old array
        changed[mechanism.ordinal()] = preference;
        said.preferences = changed;
        said.named |= 1 << mechanism.ordinal();
        return this;
    }

    @Override
    public Transfer.Builder use(String mechanism, Preference preference) {
        NamedMechanism named = Providers.installed().named(Objects.requireNonNull(mechanism, "mechanism"));
        if (named == null) {
            throw new IllegalArgumentException("no provider has a mechanism of this name: " + mechanism);
        }
        if (named.isOwn()) {
            return use(named.mechanism(), preference);
        }
        Map<String, Preference> changed = new HashMap<>(said().added);
        changed.put(named.name(), Objects.requireNonNull(preference, "preference"));
        said.added = Map.copyOf(changed);
        return this;
    }

    @Override
    public Transfer.Builder queueDepth(int operations) {
        if (operations < 1 || operations > MOST_AT_ONCE) {
            throw new IllegalArgumentException("a queue depth is 1 to " + MOST_AT_ONCE + ": " + operations);
        }
        said().queueDepth = operations;
        return this;
    }

    @Override
    public Transfer.Builder stableSource() {
        said().stableSource = true;
        return this;
    }

    @Override
    public Transfer.Builder durable() {
        said().durable = true;
        return this;
    }

    @Override
    public Transfer.Builder dropBehind() {
        said().dropBehind = true;
        return this;
    }

    @Override
    public Transfer.Builder timeout(Duration timeout) {
        said().timeoutNanos = nanos(timeout);
        return this;
    }

    /**
     * Nanoseconds of a timeout, which must be longer than zero. Timeouts of 2<sup>31</sup> seconds or more become half
     * of {@link Long#MAX_VALUE}, because such a number of nanoseconds might not fit a {@code long}.
     */
    public static long nanos(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be longer than zero: " + timeout);
        }
        return timeout.getSeconds() > Integer.MAX_VALUE ? Long.MAX_VALUE / 2 : timeout.toNanos();
    }

    @Override
    public Transfer.Builder fairChunk(long bytes) {
        said().fairChunk = chunk(bytes);
        return this;
    }

    public static long chunk(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a chunk is 1 byte or more: " + bytes);
        }
        return bytes;
    }

    @Override
    public Transfer.Builder onProgress(ProgressListener hears) {
        said().listener = Objects.requireNonNull(hears, "listener");
        return this;
    }

    @Override
    public Transfer build() {
        if (target == null) {
            throw new IllegalStateException(
                    "no target was named: call to(Path), to(WritableByteChannel) or to(OutputStream) before build()");
        }
        boolean positionless = target instanceof OutputStream || target instanceof SelectableChannel;
        if (targetPosition >= 0 && positionless) {
            throw new IllegalArgumentException("a target position needs a file as target: " + target);
        }
        if (said != null && said.header.length + said.trailer.length > 0) {
            requireDistinct(around());
        }
        if (targetPosition >= 0
                && target instanceof Path
                && said != null
                && said.targetOptions != null
                && appends(said.targetOptions)) {
            throw new IllegalArgumentException("a target position and APPEND contradict each other");
        }
        return new DefaultTransfer(this);
    }

    private static boolean appends(OpenOption[] given) {
        return Arrays.asList(given).contains(StandardOpenOption.APPEND);
    }

    private TransferWishes.Draft said() {
        said = said == null ? new TransferWishes.Draft() : said;
        return said;
    }

    /** An immutable copy of the settings so far. */
    TransferWishes wishes() {
        return said == null ? TransferWishes.NONE : new TransferWishes(said);
    }
}
