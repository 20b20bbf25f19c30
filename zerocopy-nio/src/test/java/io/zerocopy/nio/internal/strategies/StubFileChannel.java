package io.zerocopy.nio.internal.strategies;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file channel in which every method fails that a test does not override. */
public class StubFileChannel extends FileChannel {
    private static <T> T unexpected() {
        throw new AssertionError("not to be called");
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return unexpected();
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        return unexpected();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return unexpected();
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return unexpected();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        return unexpected();
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        return unexpected();
    }

    @Override
    public long position() throws IOException {
        return unexpected();
    }

    @Override
    public FileChannel position(long position) throws IOException {
        return unexpected();
    }

    @Override
    public long size() throws IOException {
        return unexpected();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        return unexpected();
    }

    @Override
    public void force(boolean metaData) throws IOException {
        unexpected();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        return unexpected();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
        return unexpected();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
        return unexpected();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        return unexpected();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return unexpected();
    }

    @Override
    protected void implCloseChannel() {
        // nothing is open
    }
}
