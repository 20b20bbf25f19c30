package io.zerocopy.nio.internal.strategies;

import io.zerocopy.TransferFailure.Side;
import io.zerocopy.internal.memory.BufferPool;
import io.zerocopy.spi.EndpointException;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/** Examines a source file after a mechanism moved too little without saying why. */
public final class SourceProbe {
    /**
     * The most bytes that a write takes from a mapping at once. If the whole write fails, the unreadable page is in the
     * first piece of this size.
     */
    private static final long LARGEST_PIECE = 128 << 10;

    private SourceProbe() {}

    /**
     * Reads a byte to find out whether the file ends here, because its size may be wrong (sysfs always reports 4096).
     */
    public static boolean endsAt(Source source, long position) throws IOException {
        ByteBuffer probe = BufferPool.DIRECT.take(1);
        try {
            return source.read(probe.limit(1), position) == Step.END;
        } finally {
            BufferPool.DIRECT.give(probe);
        }
    }

    /**
     * Returns whether a failure can come from a mapping whose file was truncated. The kernel reports EFAULT and the JVM
     * {@link InternalError}, but the text of an IOException depends on the locale, so the size decides.
     */
    public static boolean truncated(Throwable failure, Source source, long position, long wanted) {
        if (failure instanceof ClosedChannelException) {
            return false;
        }
        try {
            return source.size() - position < wanted;
        } catch (IOException closed) {
            return false;
        }
    }

    /**
     * Returns how many of the wanted bytes a file that was truncated during a call still has. If it was not truncated,
     * throws the failure.
     */
    public static long leftAfterTruncation(Throwable failure, Source source, long position, long wanted)
            throws IOException {
        if (truncated(failure, source, position, wanted)) {
            return Math.max(0, source.size() - position);
        }
        throw asIOException(failure);
    }

    /**
     * Describes the failure of one of the JDK's copying calls. The JDK's exception names neither the call nor the
     * errno. A read shows which end failed.
     */
    public static IOException named(String call, IOException failure, Source source, long position) {
        if (failure instanceof ClosedChannelException || source.hasThrown(failure)) {
            return failure;
        }
        String text = call + ": " + (failure.getMessage() == null ? failure.toString() : failure.getMessage());
        if (Thread.currentThread().isInterrupted()) {
            return new EndpointException(text, failure, Side.UNKNOWN);
        }
        IOException ofSource = readFailure(source, position, 1);
        return ofSource == null
                ? new EndpointException(text, failure, Side.TARGET)
                : new EndpointException(
                        text + "; a read there fails with: " + ofSource.getMessage(), failure, Side.SOURCE);
    }

    /**
     * Returns the exception for a failed write of mapped pages. If the pages cannot be read, the write fails with
     * {@code EFAULT}, which says nothing about the file. A read of the same bytes fails with the real error.
     */
    public static IOException ofMapping(Throwable failure, Source source, long position, long count) {
        boolean ofEnd = failure instanceof ClosedChannelException
                || Thread.currentThread().isInterrupted(); // a read by such a thread would close a channel of the JDK
        IOException ofSource = ofEnd ? null : readFailure(source, position, count);
        if (ofSource == null) {
            return asIOException(failure);
        }
        ofSource.addSuppressed(failure);
        return ofSource;
    }

    /** Reads the bytes and returns the exception of the reads; null if they succeed. */
    private static IOException readFailure(Source source, long position, long count) {
        long end = position + Math.min(count, LARGEST_PIECE);
        ByteBuffer probe = BufferPool.DIRECT.take((int) (end - position));
        try {
            for (long at = position; at < end; ) {
                probe.clear().limit((int) Math.min(probe.capacity(), end - at));
                long n = source.read(probe, at);
                if (n <= 0) {
                    return null;
                }
                at += n;
            }
            return null;
        } catch (IOException e) {
            return e;
        } finally {
            BufferPool.DIRECT.give(probe);
        }
    }

    /** Converts the error that the JVM throws for a missing mapped page, so that it does not end a thread. */
    public static IOException asIOException(Throwable failure) {
        return failure instanceof IOException io ? io : new IOException("the mapped file has changed", failure);
    }
}
