package io.zerocopy.nio.internal.mapped;

import java.nio.ByteBuffer;

/**
 * Memory that lives as long as it is reachable.
 *
 * @param bytes the memory, from 0 to its capacity
 */
public record HeldMemory(ByteBuffer bytes) implements ViewedMemory {
    @Override
    public ByteBuffer lend(long offset, int length) {
        return slice(offset, length);
    }

    @Override
    public ByteBuffer slice(long offset, int length) {
        return bytes.slice((int) offset, length);
    }

    @Override
    public void enter() {}

    @Override
    public void enter(long offset, int length) {}

    @Override
    public void exit() {}

    @Override
    public RuntimeException failed(InternalError error) {
        throw error;
    }
}
