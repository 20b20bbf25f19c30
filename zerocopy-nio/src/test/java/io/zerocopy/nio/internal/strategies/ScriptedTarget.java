package io.zerocopy.nio.internal.strategies;

import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.util.ArrayDeque;
import java.util.Deque;

/** A target whose answers come from a script: counts, codes, failures, or actions; then it takes all bytes. */
public class ScriptedTarget implements Target {
    /** Something to do before all bytes are taken. */
    interface Action {
        void run() throws IOException;
    }

    private final EndpointFacts facts;
    private final Channel channel;
    private final Deque<Object> script = new ArrayDeque<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    int mostBuffers;
    long lastPosition;

    ScriptedTarget(EndpointKind kind) {
        this(EndpointFacts.of(kind, -1, true), null);
    }

    public ScriptedTarget(EndpointFacts facts, Channel channel) {
        this.facts = facts;
        this.channel = channel;
    }

    ScriptedTarget then(Object... outcomes) {
        for (Object outcome : outcomes) {
            script.add(outcome instanceof Integer n ? Long.valueOf(n) : outcome);
        }
        return this;
    }

    byte[] received() {
        return received.toByteArray();
    }

    @Override
    public long write(ByteBuffer source, long position) throws IOException {
        return write(new ByteBuffer[] {source}, 0, 1, position);
    }

    @Override
    public long write(ByteBuffer[] sources, int from, int to, long position) throws IOException {
        mostBuffers = Math.max(mostBuffers, to - from);
        lastPosition = position;
        Object next = script.isEmpty() ? Long.MAX_VALUE : script.remove();
        if (next instanceof IOException failure) {
            throw failure;
        }
        if (next instanceof Action action) {
            action.run();
            next = Long.MAX_VALUE;
        }
        long most = (Long) next;
        if (most < 0) {
            return most;
        }
        long written = 0;
        for (int i = from; i < to && written < most; i++) {
            byte[] bytes = new byte[(int) Math.min(sources[i].remaining(), most - written)];
            sources[i].get(bytes);
            received.writeBytes(bytes);
            written += bytes.length;
        }
        return written;
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
        return true;
    }

    @Override
    public boolean await(long nanos) {
        return true;
    }
}
