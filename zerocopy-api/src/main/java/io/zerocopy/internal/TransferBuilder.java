package io.zerocopy.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.ProgressListener;
import io.zerocopy.Transfer;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Fills in a {@link TransferSpec} and refuses what can be refused without looking at the ends. */
public final class TransferBuilder implements Transfer.Builder {
    private static final int MOST_AT_ONCE = 256;
    private static final ByteBuffer[] NONE = {};
    private PlannedTransfer spec;
    private boolean built; // the transfer has it

    /**
     * Starts one.
     *
     * @param source a path, an array of buffers, a readable channel, an input stream, or {@link Parts}
     */
    public TransferBuilder(Object source) {
        Object from = Duplex.input(Objects.requireNonNull(source, "source"));
        if (from instanceof ByteBuffer[] buffers) {
            from = requireElements(buffers.clone(), "source");
            requireDistinct(buffers);
        } else if (from instanceof Parts parts) {
            requireDistinct(parts.buffers());
        }
        refuseDatagrams(from);
        spec = new PlannedTransfer(from);
    }

    private static void refuseDatagrams(Object end) {
        if (end instanceof DatagramChannel) {
            throw new IllegalArgumentException(
                    "datagram channels keep message boundaries, which a byte transfer cannot: " + end);
        }
    }

    /** A buffer has one position, so it cannot be delivered twice. */
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

    /** All buffers in their order: header, source if it is one of memory, trailer. */
    private ByteBuffer[] around() {
        ByteBuffer[] body = spec.source instanceof ByteBuffer[] buffers
                ? buffers
                : spec.source instanceof Parts parts ? parts.buffers() : NONE;
        return Stream.of(spec.header, body, spec.trailer).flatMap(Stream::of).toArray(ByteBuffer[]::new);
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
        said().target = path;
        spec.options = given;
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
        Object output = Duplex.output(Objects.requireNonNull(channel, "target"));
        refuseDatagrams(output);
        said().target = output;
        return this;
    }

    @Override
    public Transfer.Builder to(OutputStream stream) {
        said().target = Objects.requireNonNull(stream, "target");
        return this;
    }

    /** From a file channel that was opened for this transfer and stands at its start. */
    TransferBuilder ownSource() {
        said().ownSource = spec.source instanceof FileChannel;
        return this;
    }

    /** From a path that is opened with more than {@code READ}. */
    TransferBuilder openedWith(Set<OpenOption> options) {
        said().sourceOptions = options;
        return this;
    }

    /** To a file that was made for this transfer and that nobody else writes to. */
    Transfer.Builder toNew(WritableByteChannel channel) {
        said().newTarget = true;
        return to(channel);
    }

    /** To a FIFO or device that was opened for this transfer. */
    Transfer.Builder toOpened(Channel channel) {
        said().target = channel;
        return this;
    }

    @Override
    public Transfer.Builder range(long first, long bytes) {
        if (first < 0) {
            throw new IllegalArgumentException("negative position: " + first);
        }
        if (spec.source instanceof ByteBuffer[] || spec.source instanceof Parts) {
            throw new IllegalArgumentException("a range needs a file as source; buffers and parts have their own");
        }
        said().position = first;
        return count(bytes);
    }

    @Override
    public Transfer.Builder count(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("negative count: " + bytes);
        }
        said().count = bytes;
        return this;
    }

    @Override
    public Transfer.Builder targetPosition(long first) {
        if (first < 0) {
            throw new IllegalArgumentException("negative target position: " + first);
        }
        said().targetPosition = first;
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
        TransferSpec changed = said();
        if (changed.preferences == TransferSpec.ALL_AUTO) {
            changed.preferences = TransferSpec.ALL_AUTO.clone();
        }
        changed.preferences[mechanism.ordinal()] = preference;
        changed.named |= 1 << mechanism.ordinal();
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

    /** Nanoseconds of a timeout that must be longer than zero; what is too long for that is three centuries. */
    static long nanos(Duration timeout) {
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

    static long chunk(long bytes) {
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

    /** What was said so far, to be added to. */
    private TransferSpec said() {
        if (built) {
            spec = (PlannedTransfer) spec.copy();
            built = false;
        }
        return spec;
    }

    @Override
    public Transfer build() {
        if (spec.target == null) {
            throw new IllegalStateException("no target was named");
        }
        if (spec.targetPosition >= 0 && !(spec.target instanceof Path) && !(spec.target instanceof FileChannel)) {
            throw new IllegalArgumentException("a target position needs a file as target: " + spec.target);
        }
        if (spec.header.length + spec.trailer.length > 0) {
            requireDistinct(around());
        }
        OpenOption[] how = spec.options();
        if (spec.targetPosition >= 0 && how.length > 0 && Arrays.asList(how).contains(StandardOpenOption.APPEND)) {
            throw new IllegalArgumentException("a target position and APPEND contradict each other");
        }
        built = true;
        return spec;
    }
}
