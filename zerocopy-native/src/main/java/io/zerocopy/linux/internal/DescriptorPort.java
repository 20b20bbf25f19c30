package io.zerocopy.linux.internal;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Memory;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;

/** What source and target have in common: a handle, its lock, its position, and how to wait for it. */
abstract class DescriptorPort implements Endpoint {
    final Syscalls sys;
    final Channel channel;
    final Handle handle;
    private final Facts facts;
    private final int events;
    private boolean held;
    private ByteBuffer lastBuffer; // a pooled buffer comes again and again; its address is looked up once
    private long lastAddress;

    DescriptorPort(Syscalls sys, Channel channel, Handle handle, int events) {
        this.sys = sys;
        this.channel = channel;
        this.handle = handle;
        this.events = events;
        boolean blocking = !(channel instanceof SelectableChannel selectable) || selectable.isBlocking();
        this.facts = handle.facts(blocking);
    }

    @Override
    public Facts facts() {
        return facts;
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    int fd() {
        return handle.fd();
    }

    /** Must be called, and its answer used, under the close lock. */
    void requireOpen() throws IOException {
        if (!channel.isOpen()) {
            throw new AsynchronousCloseException();
        }
    }

    @Override
    public void acquire() throws IOException {
        synchronized (handle.closeLock()) {
            requireOpen();
            handle.holdNonBlocking(sys, channel);
            held = true;
        }
    }

    @Override
    public void release() {
        if (held) {
            held = false;
            synchronized (handle.closeLock()) {
                handle.letBlock(sys, channel);
            }
        }
    }

    @Override
    public boolean await(long nanos) throws IOException {
        if (handle.kind().isFile()) {
            return true;
        }
        Memory memory = Memory.take();
        try {
            Readiness.watch(memory, 0, fd(), events);
            return Readiness.await(sys, memory, 1, nanos);
        } finally {
            memory.release();
        }
    }

    @Override
    public boolean awaitEither(Endpoint other, long nanos) throws IOException {
        if (!(other instanceof DescriptorPort port)
                || handle.kind().isFile()
                || port.handle.kind().isFile()) {
            return Endpoint.super.awaitEither(other, nanos);
        }
        Memory memory = Memory.take();
        try {
            Readiness.watch(memory, 0, fd(), events);
            Readiness.watch(memory, 1, port.fd(), port.events);
            return Readiness.await(sys, memory, 2, nanos);
        } finally {
            memory.release();
        }
    }

    /** Whether a step would find this end ready; never waits. */
    boolean isReady() throws IOException {
        Memory memory = Memory.take();
        try {
            Readiness.watch(memory, 0, fd(), events);
            return Readiness.poll(sys, memory, 1, 0);
        } finally {
            memory.release();
        }
    }

    @Override
    public long position() throws IOException {
        return handle.kind().isFile() ? seek(0, C.SEEK_CUR) : 0;
    }

    @Override
    public void position(long position) throws IOException {
        if (handle.kind().isFile()) {
            seek(position, C.SEEK_SET);
        }
    }

    private long seek(long offset, int whence) throws IOException {
        synchronized (handle.closeLock()) {
            requireOpen();
            return checked("lseek", sys.lseek(fd(), offset, whence));
        }
    }

    @Override
    public long size() throws IOException {
        if (handle.kind() != Kind.FILE) {
            return -1;
        }
        Memory memory = Memory.take();
        try {
            synchronized (handle.closeLock()) {
                requireOpen();
                return checked("statx", handle.size(sys, memory));
            }
        } finally {
            memory.release();
        }
    }

    static long checked(String call, long result) throws IOException {
        if (result < 0) {
            throw new IOException(Errno.message(call, result));
        }
        return result;
    }

    long addressOf(ByteBuffer direct) {
        if (direct != lastBuffer) {
            lastAddress = Memory.addressOf(direct);
            lastBuffer = direct;
        }
        return lastAddress + direct.position();
    }
}
