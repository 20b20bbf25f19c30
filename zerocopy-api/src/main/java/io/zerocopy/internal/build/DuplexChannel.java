package io.zerocopy.internal.build;

import io.zerocopy.HalfCloseChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/**
 * One channel made of an input and an output channel, for example of the two pipes of a child process. Transfers use
 * the inner channels directly, so each keeps its own mechanisms.
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
     * @param input the channel for reading
     * @param output the channel for writing
     * @return both as one channel
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
