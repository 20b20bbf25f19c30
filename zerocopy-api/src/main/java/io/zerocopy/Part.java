package io.zerocopy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * One piece of a source that {@link Transfers#concat(List)} puts together: buffers, or a region of a file. A part only
 * names its bytes; files are opened when the transfer starts. Immutable, except that the buffers' positions advance by
 * the bytes delivered.
 */
public sealed interface Part {
    /** Bytes in memory. */
    final class Memory implements Part {
        private final List<ByteBuffer> buffers;

        private Memory(List<ByteBuffer> buffers) {
            this.buffers = buffers;
        }

        /**
         * Returns the buffers.
         *
         * @return the bytes are those between position and limit of each, one after the other
         */
        public List<ByteBuffer> buffers() {
            return buffers;
        }

        @Override
        public String toString() {
            return "Memory[buffers=" + buffers + "]";
        }
    }

    /** A region of a file that each run opens and closes. Parts that name the same path share one open file. */
    final class PathRegion implements Part {
        private final Path path;
        private final long position;
        private final long count;

        private PathRegion(Path path, long position, long count) {
            this.path = Objects.requireNonNull(path, "path");
            requireRegion(position, count);
            this.position = position;
            this.count = count;
        }

        /**
         * Returns the file.
         *
         * @return its path
         */
        public Path path() {
            return path;
        }

        /**
         * Returns where the region begins.
         *
         * @return first byte
         */
        public long position() {
            return position;
        }

        /**
         * Returns how long the region is.
         *
         * @return how many bytes; {@link Long#MAX_VALUE} for all up to the end
         */
        public long count() {
            return count;
        }

        @Override
        public String toString() {
            return "PathRegion[path=" + path + ", position=" + position + ", count=" + count + "]";
        }
    }

    /** A region of an open file. The channel's own position is neither used nor moved, and it stays open. */
    final class ChannelRegion implements Part {
        private final FileChannel channel;
        private final long position;
        private final long count;

        private ChannelRegion(FileChannel channel, long position, long count) {
            this.channel = Objects.requireNonNull(channel, "channel");
            requireRegion(position, count);
            this.position = position;
            this.count = count;
        }

        /**
         * Returns the file's channel.
         *
         * @return the channel
         */
        public FileChannel channel() {
            return channel;
        }

        /**
         * Returns where the region begins.
         *
         * @return first byte
         */
        public long position() {
            return position;
        }

        /**
         * Returns how long the region is.
         *
         * @return how many bytes; {@link Long#MAX_VALUE} for all up to the end
         */
        public long count() {
            return count;
        }

        @Override
        public String toString() {
            return "ChannelRegion[channel=" + channel + ", position=" + position + ", count=" + count + "]";
        }
    }

    /**
     * Creates a part from bytes in memory.
     *
     * @param buffers the bytes between position and limit of each; positions advance by the bytes delivered
     * @return a part
     */
    static Part of(ByteBuffer... buffers) {
        return new Memory(List.of(buffers));
    }

    /**
     * Creates a part from a whole file.
     *
     * @param file the file; its size is taken when the transfer starts
     * @return a part
     */
    static Part of(Path file) {
        return new PathRegion(file, 0, Long.MAX_VALUE);
    }

    /**
     * Creates a part from a region of a file.
     *
     * @param file opened when the transfer starts
     * @param position first byte, 0 or more
     * @param count bytes, 0 or more; if the file has fewer, the transfer fails, before anything moves if that is known
     *     by then
     * @return a part
     * @throws IllegalArgumentException if either is negative
     */
    static Part of(Path file, long position, long count) {
        return new PathRegion(file, position, count);
    }

    /**
     * Creates a part from a region of an open file.
     *
     * @param file its own position is neither used nor moved
     * @param position first byte, 0 or more
     * @param count bytes, 0 or more; if the file has fewer, the transfer fails, before anything moves if that is known
     *     by then
     * @return a part
     * @throws IllegalArgumentException if either is negative
     */
    static Part of(FileChannel file, long position, long count) {
        return new ChannelRegion(file, position, count);
    }

    private static void requireRegion(long position, long count) {
        if (position < 0 || count < 0) {
            throw new IllegalArgumentException("negative region: position " + position + ", count " + count);
        }
    }
}
