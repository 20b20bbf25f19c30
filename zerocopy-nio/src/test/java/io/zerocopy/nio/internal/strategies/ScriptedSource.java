package io.zerocopy.nio.internal.strategies;

import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A source whose answers come from a script: counts, codes of {@link Step}, or failures; then it gives all remaining
 * bytes.
 */
public final class ScriptedSource implements Source {
    private final EndpointFacts facts;
    private final ByteBuffer data;
    private final Deque<Object> script = new ArrayDeque<>();
    public long reads;

    public ScriptedSource(EndpointKind kind, byte[] data) {
        this.facts = EndpointFacts.of(kind, kind.isFile() ? data.length : -1, true);
        this.data = ByteBuffer.wrap(data);
    }

    public ScriptedSource then(Object... outcomes) {
        for (Object outcome : outcomes) {
            script.add(outcome instanceof Integer n ? Long.valueOf(n) : outcome);
        }
        return this;
    }

    public long taken() {
        return data.position();
    }

    @Override
    public long read(ByteBuffer target, long position) throws IOException {
        reads++;
        Object next = script.isEmpty() ? Long.MAX_VALUE : script.remove();
        if (next instanceof IOException failure) {
            throw failure;
        }
        long most = (Long) next;
        if (most < 0) {
            return most;
        }
        if (facts.kind().isFile()) {
            data.position((int) Math.min(position, data.limit()));
        }
        int n = (int) Math.min(most, Math.min(data.remaining(), target.remaining()));
        if (n == 0) {
            return Step.END;
        }
        target.put(data.slice(data.position(), n));
        data.position(data.position() + n);
        return n;
    }

    @Override
    public EndpointFacts facts() {
        return facts;
    }

    @Override
    public Channel channel() {
        return null;
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
