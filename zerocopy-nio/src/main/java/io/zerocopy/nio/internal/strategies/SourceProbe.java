package io.zerocopy.nio.internal.strategies;

import io.zerocopy.nio.internal.BufferPool;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/** What a source file says when a mechanism fell short and did not say why. */
final class SourceProbe {
    private SourceProbe() {}

    /** Tells by reading a byte whether the file ends here; its size may lie (sysfs says 4096 whatever is inside). */
    static boolean endsAt(Source source, long position) throws IOException {
        ByteBuffer probe = BufferPool.DIRECT.take(1);
        try {
            return source.read(probe.limit(1), position) == Step.END;
        } finally {
            BufferPool.DIRECT.give(probe);
        }
    }

    /**
     * Tells whether a failure can be that of a mapping whose file was truncated. The kernel says EFAULT and the JVM
     * {@link InternalError}, but the text of an IOException depends on the locale, so the size decides.
     */
    static boolean truncated(Throwable failure, Source source, long position, long wanted) {
        if (failure instanceof ClosedChannelException) {
            return false;
        }
        try {
            return source.size() - position < wanted;
        } catch (IOException closed) {
            return false;
        }
    }

    /** What a file that was truncated inside a call still has of the bytes wanted; throws what is no truncation. */
    static long leftAfterTruncation(Throwable failure, Source source, long position, long wanted) throws IOException {
        if (truncated(failure, source, position, wanted)) {
            return Math.max(0, source.size() - position);
        }
        throw asIOException(failure);
    }

    /** What the JVM throws when it touches a mapped page that is gone must not end a thread. */
    static IOException asIOException(Throwable failure) {
        return failure instanceof IOException io ? io : new IOException("the mapped file has changed", failure);
    }
}
