package io.zerocopy.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.ProgressListener;
import io.zerocopy.Transfer;
import java.io.OutputStream;
import java.nio.ByteBuffer;
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

/** Collects a {@link TransferSpec} and refuses what can be refused without looking at the ends. */
public final class TransferBuilder implements Transfer.Builder {
    private static final int MOST_AT_ONCE = 256;
    private static final ByteBuffer[] NONE = {};
    private static final OpenOption[] WHOLE = {
        StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE
    };
    private static final OpenOption[] IN_PLACE = {StandardOpenOption.CREATE, StandardOpenOption.WRITE};
    private static final OpenOption[] NO_OPTIONS = {};

    private final Object source;
    private Preference[] preferences = TransferSpec.ALL_AUTO; // never written to once a transfer has it
    private boolean preferencesShared = true;
    private Object target;
    private OpenOption[] options = NO_OPTIONS;
    private long position = -1;
    private long count = Long.MAX_VALUE;
    private long targetPosition = -1;
    private ByteBuffer[] header = NONE;
    private ByteBuffer[] trailer = NONE;
    private boolean stableSource;
    private boolean durable;
    private long timeoutNanos;
    private ProgressListener listener;
    private long fairChunk = TransferRun.FAIR_CHUNK;
    private boolean ownSource;
    private boolean newTarget;
    private boolean dropBehind;
    private int named;
    private int queueDepth;

    /**
     * Starts one.
     *
     * @param source a path, an array of buffers, a readable channel, an input stream, or {@link Parts}
     */
    public TransferBuilder(Object source) {
        this.source = Duplex.input(Objects.requireNonNull(source, "source"));
        if (source instanceof ByteBuffer[] buffers) {
            requireElements(buffers, "source");
            requireDistinct(buffers);
        } else if (source instanceof Parts parts) {
            requireDistinct(parts.buffers());
        }
        refuseDatagrams(this.source);
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
        ByteBuffer[] body = source instanceof ByteBuffer[] buffers
                ? buffers
                : source instanceof Parts parts ? parts.buffers() : NONE;
        return Stream.of(header, body, trailer).flatMap(Stream::of).toArray(ByteBuffer[]::new);
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
        target = Objects.requireNonNull(path, "target");
        options = openOptions.length == 0 ? null : withWrite(openOptions);
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
        target = Duplex.output(Objects.requireNonNull(channel, "target"));
        refuseDatagrams(target);
        return this;
    }

    @Override
    public Transfer.Builder to(OutputStream stream) {
        target = Objects.requireNonNull(stream, "target");
        return this;
    }

    /** From a file channel that was opened for this transfer and stands at its start. */
    TransferBuilder ownSource() {
        ownSource = source instanceof FileChannel;
        return this;
    }

    /** To a file that was made for this transfer and that nobody else writes to. */
    Transfer.Builder toNew(WritableByteChannel channel) {
        newTarget = true;
        return to(channel);
    }

    @Override
    public Transfer.Builder range(long first, long bytes) {
        if (first < 0) {
            throw new IllegalArgumentException("negative position: " + first);
        }
        if (source instanceof ByteBuffer[] || source instanceof Parts) {
            throw new IllegalArgumentException("a range needs a file as source; buffers and parts have their own");
        }
        position = first;
        return count(bytes);
    }

    @Override
    public Transfer.Builder count(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("negative count: " + bytes);
        }
        count = bytes;
        return this;
    }

    @Override
    public Transfer.Builder targetPosition(long first) {
        if (first < 0) {
            throw new IllegalArgumentException("negative target position: " + first);
        }
        targetPosition = first;
        return this;
    }

    @Override
    public Transfer.Builder header(ByteBuffer... before) {
        header = requireElements(before, "header").clone();
        requireDistinct(header);
        return this;
    }

    @Override
    public Transfer.Builder trailer(ByteBuffer... after) {
        trailer = requireElements(after, "trailer").clone();
        requireDistinct(trailer);
        return this;
    }

    @Override
    public Transfer.Builder use(Mechanism mechanism, Preference preference) {
        Objects.requireNonNull(mechanism, "mechanism");
        Objects.requireNonNull(preference, "preference");
        if (preferencesShared) {
            preferences = preferences.clone();
            preferencesShared = false;
        }
        preferences[mechanism.ordinal()] = preference;
        named |= 1 << mechanism.ordinal();
        return this;
    }

    @Override
    public Transfer.Builder queueDepth(int operations) {
        if (operations < 1 || operations > MOST_AT_ONCE) {
            throw new IllegalArgumentException("a queue depth is 1 to " + MOST_AT_ONCE + ": " + operations);
        }
        queueDepth = operations;
        return this;
    }

    @Override
    public Transfer.Builder stableSource() {
        stableSource = true;
        return this;
    }

    @Override
    public Transfer.Builder durable() {
        durable = true;
        return this;
    }

    @Override
    public Transfer.Builder dropBehind() {
        dropBehind = true;
        return this;
    }

    @Override
    public Transfer.Builder timeout(Duration timeout) {
        timeoutNanos = nanos(timeout);
        return this;
    }

    /** Nanoseconds of a timeout that must be longer than zero; what is too long for that is three centuries. */
    static long nanos(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be longer than zero: " + timeout);
        }
        return timeout.getSeconds() > Integer.MAX_VALUE ? Long.MAX_VALUE / 2 : timeout.toNanos();
    }

    @Override
    public Transfer.Builder fairChunk(long bytes) {
        fairChunk = chunk(bytes);
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
        listener = Objects.requireNonNull(hears, "listener");
        return this;
    }

    @Override
    public Transfer build() {
        if (target == null) {
            throw new IllegalStateException("no target was named");
        }
        if (targetPosition >= 0 && !(target instanceof Path) && !(target instanceof FileChannel)) {
            throw new IllegalArgumentException("a target position needs a file as target: " + target);
        }
        if (header.length + trailer.length > 0) {
            requireDistinct(around());
        }
        OpenOption[] how = options != null ? options : targetPosition >= 0 ? IN_PLACE : WHOLE;
        if (targetPosition >= 0 && how.length > 0 && Arrays.asList(how).contains(StandardOpenOption.APPEND)) {
            throw new IllegalArgumentException("a target position and APPEND contradict each other");
        }
        Object from = source instanceof ByteBuffer[] buffers ? buffers.clone() : source;
        preferencesShared = true;
        return new PlannedTransfer(new TransferSpec(
                from,
                target,
                how,
                position,
                count,
                targetPosition,
                header,
                trailer,
                preferences,
                stableSource,
                durable,
                timeoutNanos,
                listener,
                fairChunk,
                ownSource,
                newTarget,
                dropBehind,
                named,
                queueDepth));
    }
}
