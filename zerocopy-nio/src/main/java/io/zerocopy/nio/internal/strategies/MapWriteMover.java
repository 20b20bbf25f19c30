package io.zerocopy.nio.internal.strategies;

import io.zerocopy.internal.memory.BufferSizes;
import io.zerocopy.nio.internal.mapped.MappedRegion;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/** The steps of {@link MapWriteStrategy}. */
final class MapWriteMover implements Mover {
    /** Largest page size of the processors that Java runs on. With smaller pages, a failure is only less likely. */
    private static final long LARGEST_PAGE = 64 << 10;

    private final Source source;
    private final FileChannel file;
    private final Target target;
    private final long wantedEnd; // end of the wanted range in the file
    private MappedRegion window; // covers [windowStart, windowEnd) of the file; null if there is none
    private ByteBuffer bytes; // of the window
    private long windowStart;
    private long windowEnd;
    private final long targetSize; // size of a target file before the first write, or -1
    private String declinedBecause = "";

    MapWriteMover(Source source, FileChannel file, Target target, TransferRequest request) throws IOException {
        this.source = source;
        this.file = file;
        this.target = target;
        long end = request.sourcePosition() + request.count();
        this.wantedEnd = end < 0 ? Long.MAX_VALUE : end;
        this.targetSize = target.size();
    }

    @Override
    public long step(long sourcePosition, long targetPosition, long count) throws IOException {
        long fileEnd = source.size();
        if (fileEnd <= sourcePosition) {
            return ended(sourcePosition);
        }
        long end = sourcePosition + Math.min(fileEnd - sourcePosition, Math.min(count, BufferSizes.MAPPED));
        long n;
        try {
            n = covers(sourcePosition) || remap(sourcePosition, fileEnd)
                    ? write(sourcePosition, end, targetPosition)
                    : Step.DECLINED;
        } catch (IOException | InternalError e) {
            if (target.isForeign(e)) {
                throw e;
            }
            n = retry(e, sourcePosition, targetPosition, end);
        }
        return n > 0 ? checked(sourcePosition, targetPosition, n) : n;
    }

    /** Only a read shows whether the file ends here; bytes beyond its size cannot be mapped. */
    private long ended(long position) throws IOException {
        if (SourceProbe.endsAt(source, position)) {
            return Step.END;
        }
        declinedBecause = "mmap: the source has bytes beyond its reported size";
        return Step.DECLINED;
    }

    private boolean covers(long position) {
        return window != null && windowStart <= position && position < windowEnd;
    }

    /** Maps a window from the position on; the JDK aligns it. Returns false if this file cannot be mapped. */
    private boolean remap(long position, long fileEnd) throws IOException {
        unmap();
        long size = Math.min(BufferSizes.MAPPED, Math.min(fileEnd, Math.max(wantedEnd, position + 1)) - position);
        try {
            window = MappedRegion.map(file, MapMode.READ_ONLY, position, size);
        } catch (ClosedChannelException closed) {
            throw closed;
        } catch (IOException | UnsupportedOperationException e) {
            if (SourceProbe.truncated(e, source, position, size)) {
                throw e instanceof IOException io ? io : new IOException(e);
            }
            declinedBecause = "mmap: " + e.getMessage();
            return false;
        }
        bytes = window.slice(0, (int) size);
        windowStart = position;
        windowEnd = position + size;
        return true;
    }

    private long write(long from, long to, long targetPosition) throws IOException {
        bytes.limit((int) (Math.min(to, windowEnd) - windowStart)).position((int) (from - windowStart));
        long n = target.writeMapped(bytes, targetPosition);
        if (n > 0 && from + n >= windowEnd) {
            unmap();
        }
        return n;
    }

    /**
     * The file may have been truncated after its size was read. Tries once more with the bytes that are left; otherwise
     * fails.
     */
    private long retry(Throwable failure, long sourcePosition, long targetPosition, long end) throws IOException {
        if (!SourceProbe.truncated(failure, source, sourcePosition, end - sourcePosition)) {
            throw SourceProbe.ofMapping(failure, source, sourcePosition, end - sourcePosition);
        }
        long newEnd = source.size();
        if (newEnd <= sourcePosition) {
            return ended(sourcePosition);
        }
        try {
            return remap(sourcePosition, newEnd) ? write(sourcePosition, end, targetPosition) : Step.DECLINED;
        } catch (InternalError e) {
            if (target.isForeign(e)) {
                throw e;
            }
            throw SourceProbe.asIOException(e);
        }
    }

    /**
     * Checks the size again after a write. On the last page of a file, the bytes after its end read as zeros. So if the
     * file was truncated within the last page written, either zeros or the old bytes have moved, and it is unknown
     * which. If these bytes have made a target file longer, it is truncated again; any other target keeps them, and the
     * step fails.
     */
    private long checked(long sourcePosition, long targetPosition, long written) throws IOException {
        long good = bytesUpTo(sourcePosition, written);
        if (good >= written || good <= written - LARGEST_PAGE) {
            return written;
        }
        good = Math.max(0, good);
        boolean longer = targetPosition >= 0
                && targetSize >= 0
                && targetSize <= targetPosition + good
                && target.size() == targetPosition + written;
        if (longer && target.channel() instanceof FileChannel channel) {
            channel.truncate(targetPosition + good);
            return good > 0 ? good : Step.END;
        }
        throw new IOException("the source was truncated while its mapped pages were written; the last "
                + (written - good) + " of " + written + " bytes in the target may be zeros");
    }

    private long bytesUpTo(long sourcePosition, long written) {
        try {
            return source.size() - sourcePosition;
        } catch (IOException closed) {
            return written; // these bytes count; the next step finds the source closed
        }
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
