package io.zerocopy.nio.internal.ports;

import io.zerocopy.nio.internal.Channels;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

/**
 * Reads a file channel, by position if it has one. The channel does not say what it was opened on, so the port derives
 * the kind. Without a position it is a pipe (FIFOs and terminals fail with "Illegal seek"). With size 0 it is a virtual
 * file (procfs, devices, and every empty file, which costs nothing to read). Otherwise it is a file.
 */
public final class FileSource extends SourcePort {
    private final FileChannel channel;
    private final Facts facts;

    /** Reads the channel's position and size; neither changes. */
    public FileSource(FileChannel channel) {
        super(channel);
        this.channel = channel;
        this.facts = factsOf(channel);
    }

    private static Facts factsOf(FileChannel channel) {
        try {
            Channels.position(channel);
            long size = Channels.size(channel);
            return size > 0 ? Facts.of(Kind.FILE, size, true) : Facts.of(Kind.VIRTUAL_FILE, -1, true);
        } catch (ClosedChannelException closed) {
            return Facts.of(Kind.FILE, -1, true);
        } catch (IOException unseekable) {
            return Facts.of(Kind.PIPE, -1, true);
        }
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

    @Override
    int readOnce(ByteBuffer target, long position) throws IOException {
        return facts.kind().isFile() ? channel.read(target, position) : channel.read(target);
    }

    @Override
    public long position() throws IOException {
        return facts.kind().isFile() ? Channels.position(channel) : 0;
    }

    @Override
    public void position(long position) throws IOException {
        if (facts.kind().isFile()) {
            Channels.position(channel, position);
        }
    }

    @Override
    public long size() throws IOException {
        return facts.kind() == Kind.FILE ? Channels.size(channel) : -1;
    }
}
