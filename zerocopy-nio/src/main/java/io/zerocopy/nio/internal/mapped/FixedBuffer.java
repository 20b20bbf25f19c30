package io.zerocopy.nio.internal.mapped;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;

/** An Agrona buffer that cannot wrap other memory and exposes no address. */
abstract class FixedBuffer implements DirectBuffer {
    @Override
    public final void wrap(byte[] buffer) {
        throw fixed();
    }

    @Override
    public final void wrap(byte[] buffer, int from, int length) {
        throw fixed();
    }

    @Override
    public final void wrap(ByteBuffer buffer) {
        throw fixed();
    }

    @Override
    public final void wrap(ByteBuffer buffer, int from, int length) {
        throw fixed();
    }

    @Override
    public final void wrap(DirectBuffer buffer) {
        throw fixed();
    }

    @Override
    public final void wrap(DirectBuffer buffer, int from, int length) {
        throw fixed();
    }

    @Override
    public final void wrap(long address, int length) {
        throw fixed();
    }

    private static UnsupportedOperationException fixed() {
        return new UnsupportedOperationException("a view of a mapped file cannot wrap other memory");
    }

    @Override
    public final long addressOffset() {
        throw new UnsupportedOperationException("this buffer has no address: copy with its own methods");
    }

    @Override
    public final byte[] byteArray() {
        return null;
    }

    @Override
    public final int wrapAdjustment() {
        return 0;
    }
}
