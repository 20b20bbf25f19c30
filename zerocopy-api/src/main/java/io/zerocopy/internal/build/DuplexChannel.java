package io.zerocopy.internal.build;

import io.zerocopy.HalfCloseChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/**
 * Two channels of one direction each, seen as one channel: the two pipes of a child process, say. Transfers look
 * through it, so each end keeps the mechanisms it has by itself.
 */
public final class DuplexChannel implements HalfCloseChannel {
    private final ReadableByteChannel input;
    private final WritableByteChannel output;

    private DuplexChannel(ReadableByteChannel input, WritableByteChannel output) {
        this.input = Objects.requireNonNull(input, "input");
        this.output = Objects.requireNonNull(output, "output");
    }

    /**
     * Joins two channels. Declared as the interface, so that the JVM can verify a caller without this class.
     *
     * @param input what is read
     * @param output what is written
     * @return both as one
     */
    public static HalfCloseChannel of(ReadableByteChannel input, WritableByteChannel output) {
        return new DuplexChannel(input, output);
    }

    public static Object input(Object end) {
        return end instanceof DuplexChannel duplex ? duplex.input : end;
    }

    public static Object output(Object end) {
        return end instanceof DuplexChannel duplex ? duplex.output : end;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return input.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return output.write(source);
    }

    @Override
    public void shutdownOutput() throws IOException {
        output.close();
    }

    @Override
    public boolean isOpen() {
        return input.isOpen() || output.isOpen();
    }

    @Override
    public void close() throws IOException {
        try {
            input.close();
        } finally {
            output.close();
        }
    }
}
