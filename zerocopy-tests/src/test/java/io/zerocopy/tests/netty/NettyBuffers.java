package io.zerocopy.tests.netty;

import io.netty.buffer.ByteBuf;
import io.zerocopy.Part;
import io.zerocopy.TransferFailure;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Netty's buffers as sources: pooled or not, slices, wrapped arrays, composites of all that. What a transfer gets are
 * views of the same memory, so nothing is copied on the way to it. An example of how to, in so many lines.
 *
 * <p>The buffer must not be released before the transfer is done. A transfer that was cancelled while it sent by {@link
 * io.zerocopy.Mechanism#MSG_ZEROCOPY} leaves memory to the kernel for a while, which the pool knows nothing of: leave
 * that mechanism out where sessions are cancelled and buffers released at once.
 */
final class NettyBuffers {
    private NettyBuffers() {}

    /** The readable bytes, as views of the buffer's memory; the reader index stays. */
    static ByteBuffer[] of(ByteBuf buffer) {
        if (buffer.nioBufferCount() < 0) {
            throw new IllegalArgumentException("has no memory that could be shown: " + buffer);
        }
        return buffer.nioBuffers();
    }

    /** The readable bytes as a part among others, as a file region is. */
    static Part part(ByteBuf buffer) {
        return Part.of(of(buffer));
    }

    /** Sends the readable bytes and moves the reader index behind what was delivered, also when it fails. */
    static TransferResult send(ByteBuf buffer, WritableByteChannel target) throws IOException {
        long delivered = 0;
        try {
            TransferResult result =
                    Transfers.from(of(buffer)).to(target).build().run();
            delivered = result.bytes();
            return result;
        } catch (IOException e) {
            delivered = e instanceof TransferFailure failure ? failure.transferred() : 0;
            throw e;
        } finally {
            buffer.skipBytes((int) delivered);
        }
    }
}
