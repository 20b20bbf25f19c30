package io.zerocopy.nio.internal.strategies;

import io.zerocopy.nio.internal.BufferPool;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/** Examines a source file after a mechanism moved too little without saying why. */
public final class SourceProbe {
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

    /** Converts the error that the JVM throws for a missing mapped page, so that it does not end a thread. */
    public static IOException asIOException(Throwable failure) {
        return failure instanceof IOException io ? io : new IOException("the mapped file has changed", failure);
    }
}
