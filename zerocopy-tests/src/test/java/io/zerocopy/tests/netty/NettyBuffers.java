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
 * Netty's buffers as sources: pooled or not, slices, wrapped arrays, composites of all these. A transfer gets views of
 * the same memory, so nothing is copied on the way to it. It is an example to copy.
 *
 * <p>Do not release the buffer before the transfer is done. A transfer that was cancelled while it sent by {@link
 * io.zerocopy.Mechanism#MSG_ZEROCOPY} leaves memory to the kernel for a while, and the pool does not know this. If you
 * cancel sessions and release their buffers at once, rule that mechanism out.
 */
final class NettyBuffers {
    private NettyBuffers() {}

    /** Returns the readable bytes, as views of the buffer's memory; the reader index does not change. */
    static ByteBuffer[] of(ByteBuf buffer) {
        if (buffer.nioBufferCount() < 0) {
            throw new IllegalArgumentException("has no memory that could be shown: " + buffer);
        }
        return buffer.nioBuffers();
    }

    /** Returns the readable bytes as a part, which can stand among others, such as file regions. */
    static Part part(ByteBuf buffer) {
        return Part.of(of(buffer));
    }

    /** Sends the readable bytes and moves the reader index to the end of the delivered bytes, also if it fails. */
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
