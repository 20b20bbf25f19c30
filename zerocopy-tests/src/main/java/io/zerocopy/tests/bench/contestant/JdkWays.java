package io.zerocopy.tests.bench.contestant;

import io.zerocopy.tests.bench.pair.BenchmarkCase;
import io.zerocopy.tests.bench.pair.BenchmarkEndpoints;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The ways in which the JDK alone moves bytes. Each moves exactly the size. */
final class JdkWays {
    private JdkWays() {}

    /** One transfer of one contestant. */
    interface Way {
        void move(BenchmarkEndpoints ends, long size) throws IOException;
    }

    static void transferTo(BenchmarkEndpoints ends, long size) throws IOException {
        if (ends.target() instanceof java.nio.channels.FileChannel file && file.size() > 0) {
            file.position(0);
        }
        long done = 0;
        while (done < size) {
            done += advanced(ends.fileIn().transferTo(done, size - done, ends.out()));
        }
    }

    static void transferFrom(BenchmarkEndpoints ends, long size) throws IOException {
        if (ends.source() instanceof java.nio.channels.FileChannel file && file.size() > 0) {
            file.position(0);
        }
        long done = 0;
        while (done < size) {
            done += advanced(ends.fileOut().transferFrom(ends.in(), done, size - done));
        }
    }

    static void streamTransferTo(BenchmarkEndpoints ends, long size) throws IOException {
        InputStream in = new Limited(Channels.newInputStream(ends.in()), size);
        if (in.transferTo(Channels.newOutputStream(ends.out())) != size) {
            throw new IOException("early end");
        }
    }

    static void filesCopy(BenchmarkEndpoints ends, long size) throws IOException {
        Files.copy((Path) ends.source(), (Path) ends.target(), StandardCopyOption.REPLACE_EXISTING);
    }

    static void writeMemory(BenchmarkEndpoints ends, long size) throws IOException {
        ByteBuffer memory = ((ByteBuffer) ends.source()).clear().limit((int) size);
        WritableByteChannel out = ends.out();
        while (memory.hasRemaining()) {
            out.write(memory);
        }
    }

    /** Returns a loop over one direct buffer of the given size. */
    static Way loop(BenchmarkCase pair, int bufferSize) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bufferSize);
        boolean fromFile = pair.source().isFile();
        boolean toFile = pair.target().isFile();
        return (ends, size) -> {
            for (long done = 0; done < size; ) {
                buffer.clear().limit((int) Math.min(bufferSize, size - done));
                advanced(fromFile ? ends.fileIn().read(buffer, done) : ends.in().read(buffer));
                buffer.flip();
                while (buffer.hasRemaining()) {
                    done += toFile
                            ? ends.fileOut().write(buffer, done)
                            : ends.out().write(buffer);
                }
            }
        };
    }

    /** Returns a loop over one buffer that is aligned for the device; sizes must be multiples of its blocks. */
    static Way directLoop(int bufferSize) {
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(bufferSize + 4096).alignedSlice(4096).slice(0, bufferSize);
        return (ends, size) -> {
            for (long done = 0; done < size; ) {
                buffer.clear().limit((int) Math.min(bufferSize, size - done));
                advanced(ends.fileIn().read(buffer, done));
                buffer.flip();
                done += advanced(ends.fileOut().write(buffer, done));
            }
        };
    }

    private static long advanced(long n) throws IOException {
        if (n <= 0) {
            throw new IOException("early end");
        }
        return n;
    }

    /**
     * Ends after a number of bytes. All other methods, above all {@code transferTo}, are those of {@link InputStream}.
     */
    private static final class Limited extends InputStream {
        private final InputStream in;
        private long left;

        Limited(InputStream in, long size) {
            this.in = in;
            this.left = size;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int n = in.read(target, offset, (int) Math.min(length, left));
            left -= Math.max(0, n);
            return n;
        }
    }
}
