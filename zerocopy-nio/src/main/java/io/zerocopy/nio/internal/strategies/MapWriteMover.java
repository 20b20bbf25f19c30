package io.zerocopy.nio.internal.strategies;

import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Request;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

/** The steps of {@link MapWriteStrategy}. */
final class MapWriteMover implements Mover {
    /** Large enough for the cost of mapping and unmapping to vanish, small enough for a 32-bit address space. */
    private static final long WINDOW = 64 << 20;

    /** Most of one write, so that interrupts and deadlines are looked at. */
    private static final long CHUNK = 8 << 20;

    private final Source source;
    private final FileChannel file;
    private final Target target;
    private final long wantedEnd; // nothing behind this file position is asked for
    private MappedWindow window; // covers [windowStart, windowEnd) of the file; null when there is none
    private long windowStart;
    private long windowEnd;
    private String declinedBecause = "";

    MapWriteMover(Source source, FileChannel file, Target target, Request request) {
        this.source = source;
        this.file = file;
        this.target = target;
        long end = request.sourcePosition() + request.count();
        this.wantedEnd = end < 0 ? Long.MAX_VALUE : end;
    }

    @Override
    public long step(long sourcePosition, long targetPosition, long count) throws IOException {
        long fileEnd = source.size();
        long end = Math.min(fileEnd, sourcePosition + Math.min(count, CHUNK));
        if (end <= sourcePosition) {
            return Step.END;
        }
        try {
            if (!covers(sourcePosition) && !remap(sourcePosition, fileEnd)) {
                return Step.DECLINED;
            }
            return write(sourcePosition, Math.min(end, windowEnd), targetPosition);
        } catch (IOException | InternalError e) {
            return retry(e, sourcePosition, targetPosition, end);
        }
    }

    private boolean covers(long position) {
        return window != null && windowStart <= position && position < windowEnd;
    }

    /** Maps from the position on; the JDK aligns. False if this file cannot be mapped. */
    private boolean remap(long position, long fileEnd) throws IOException {
        unmap();
        long size = Math.min(WINDOW, Math.min(fileEnd, Math.max(wantedEnd, position + 1)) - position);
        try {
            window = MappedWindow.map(file, position, size);
        } catch (ClosedChannelException closed) {
            throw closed;
        } catch (IOException | UnsupportedOperationException e) {
            if (SourceProbe.truncated(e, source, position + size)) {
                throw e instanceof IOException io ? io : new IOException(e);
            }
            declinedBecause = "mmap: " + e.getMessage();
            return false;
        }
        windowStart = position;
        windowEnd = position + size;
        return true;
    }

    private long write(long from, long to, long targetPosition) throws IOException {
        ByteBuffer bytes = window.buffer();
        bytes.limit((int) (to - windowStart)).position((int) (from - windowStart));
        long n = target.write(bytes, targetPosition);
        if (n > 0 && from + n >= windowEnd) {
            unmap();
        }
        return n;
    }

    /** The file may have been truncated after its size was asked: once more with what is left, else it fails. */
    private long retry(Throwable failure, long sourcePosition, long targetPosition, long end) throws IOException {
        if (!SourceProbe.truncated(failure, source, end)) {
            throw asIOException(failure);
        }
        long newEnd = source.size();
        if (newEnd <= sourcePosition) {
            return Step.END;
        }
        try {
            return remap(sourcePosition, newEnd)
                    ? write(sourcePosition, Math.min(windowEnd, end), targetPosition)
                    : Step.DECLINED;
        } catch (InternalError e) {
            throw asIOException(e);
        }
    }

    private static IOException asIOException(Throwable failure) {
        return failure instanceof IOException io ? io : new IOException("the mapped file has changed", failure);
    }

    private void unmap() {
        if (window != null) {
            window.close();
            window = null;
        }
    }

    @Override
    public String declinedBecause() {
        return declinedBecause;
    }

    @Override
    public void close() {
        unmap();
    }
}
