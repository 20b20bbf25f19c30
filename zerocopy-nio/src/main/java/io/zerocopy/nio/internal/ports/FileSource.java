package io.zerocopy.nio.internal.ports;

import io.zerocopy.nio.internal.JdkChannels;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
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
    private final EndpointFacts facts;

    /** Reads the channel's position and size; neither changes. */
    public FileSource(FileChannel channel) {
        super(channel);
        this.channel = channel;
        this.facts = factsOf(channel);
    }

    private static EndpointFacts factsOf(FileChannel channel) {
        try {
            JdkChannels.position(channel);
            long size = JdkChannels.size(channel);
            return size > 0
                    ? EndpointFacts.of(EndpointKind.FILE, size, true)
                    : EndpointFacts.of(EndpointKind.VIRTUAL_FILE, -1, true);
        } catch (ClosedChannelException closed) {
            return EndpointFacts.of(EndpointKind.FILE, -1, true);
        } catch (IOException unseekable) {
            return EndpointFacts.of(EndpointKind.PIPE, -1, true);
        }
    }

    @Override
    public EndpointFacts facts() {
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
        try {
            return facts.kind().isFile() ? JdkChannels.position(channel) : 0;
        } catch (Throwable e) {
            told(e);
            throw e;
        }
    }

    @Override
    public void position(long position) throws IOException {
        try {
            if (facts.kind().isFile()) {
                JdkChannels.position(channel, position);
            }
        } catch (Throwable e) {
            told(e);
            throw e;
        }
    }

    @Override
    public long size() throws IOException {
        try {
            return facts.kind() == EndpointKind.FILE ? JdkChannels.size(channel) : -1;
        } catch (Throwable e) {
            told(e);
            throw e;
        }
    }
}
