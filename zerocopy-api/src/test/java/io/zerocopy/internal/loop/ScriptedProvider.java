package io.zerocopy.internal.loop;

import io.zerocopy.Mechanism;
import io.zerocopy.spi.Advice;
import io.zerocopy.spi.Descriptor;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Extent;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** A provider whose movers play back a script, so that the loop is tested without a kernel. */
final class ScriptedProvider implements Provider {
    private final List<Strategy> strategies = new ArrayList<>();
    final List<String> journal = new ArrayList<>();
    final List<String> judged = new ArrayList<>(); // whether the facts of source and target had a descriptor
    final PortStub source = new PortStub();
    final PortStub target = new PortStub();

    /** One answer of a scripted step. */
    interface Answer {
        long step(long count) throws IOException;
    }

    static Answer moves(long n) {
        return count -> Math.min(n, count);
    }

    static Answer says(long code) {
        return count -> code;
    }

    static Answer fails(String message) {
        return count -> {
            throw new IOException(message);
        };
    }

    ScriptedProvider with(Mechanism mechanism, String residue, Answer... script) {
        strategies.add(new ScriptedStrategy(mechanism, null, residue, script));
        return this;
    }

    /** A mechanism with its own name, tried directly before the mechanism that it counts as. */
    ScriptedProvider adding(String name, Mechanism mechanism, String residue, Answer... script) {
        strategies.add(new ScriptedStrategy(mechanism, null, residue, script) {
            @Override
            public String name() {
                return name;
            }
        });
        return this;
    }

    ScriptedProvider refusing(Mechanism mechanism, String refusal) {
        strategies.add(new ScriptedStrategy(mechanism, refusal, ""));
        return this;
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public List<Strategy> strategies() {
        return strategies;
    }

    @Override
    public EndpointFacts describe(Path path, boolean forTarget) {
        return EndpointFacts.of(EndpointKind.FILE, 0, true);
    }

    @Override
    public Source source(Closeable given) {
        return source;
    }

    @Override
    public Target target(Closeable given) {
        return target;
    }

    private class ScriptedStrategy implements Strategy {
        private final Mechanism mechanism;
        private final String refusal;
        private final String residue;
        private final Deque<Answer> script;

        ScriptedStrategy(Mechanism mechanism, String refusal, String residue, Answer... script) {
            this.mechanism = mechanism;
            this.refusal = refusal;
            this.residue = residue;
            this.script = new ArrayDeque<>(List.of(script));
        }

        @Override
        public Mechanism mechanism() {
            return mechanism;
        }

        @Override
        public String refusal(EndpointFacts from, EndpointFacts to, TransferRequest request) {
            judged.add(from.descriptor() + " to " + to.descriptor());
            return refusal;
        }

        @Override
        public Mover open(Source from, Target to, TransferRequest request) {
            journal.add("open " + name());
            return new Mover() {
                @Override
                public long step(long sourcePosition, long targetPosition, long count) throws IOException {
                    journal.add(name() + " " + sourcePosition + ">" + targetPosition + " " + count);
                    return script.isEmpty() ? Step.END : script.poll().step(count);
                }

                @Override
                public String declinedBecause() {
                    return name() + ": EINVAL (Invalid argument)";
                }

                @Override
                public ByteBuffer residue() {
                    return ByteBuffer.wrap(residue.getBytes());
                }

                @Override
                public void close() {
                    journal.add("close " + name());
                }
            };
        }
    }

    /** Both ports; counts what the loop has to undo. */
    static final class PortStub implements Source, Target {
        EndpointFacts facts = EndpointFacts.of(EndpointKind.PIPE, -1, true);
        Descriptor descriptor;
        long position;
        int acquired;
        boolean open = true;
        boolean readyOnAwait = true;
        final Set<String> failing = new HashSet<>(); // the methods that fail
        Channel channel; // the channel of this port
        BooleanSupplier alive; // the condition given to the last wait
        long waitNanos;
        Extent extent; // the only data; null if there are no holes
        long extended;
        final StringBuilder written = new StringBuilder();

        private void failIfScripted(String method) throws IOException {
            if (failing.contains(method)) {
                throw new IOException(method + ": EIO (Input/output error)");
            }
        }

        @Override
        public long size() throws IOException {
            failIfScripted("size");
            return facts.size();
        }

        @Override
        public void advise(Advice advice, long at, long count) throws IOException {
            failIfScripted("advise");
        }

        @Override
        public Extent extent(long at, boolean ownPositionUntouched) {
            return extent == null || at < extent.end() ? extent : new Extent(facts.size(), facts.size());
        }

        @Override
        public boolean zero(long at, long count) throws IOException {
            failIfScripted("zero");
            return true;
        }

        @Override
        public void extend(long zeros, long size, boolean alone) throws IOException {
            failIfScripted("extend");
            extended = size;
        }

        @Override
        public EndpointFacts facts() {
            return facts;
        }

        @Override
        public Descriptor descriptor() {
            return descriptor;
        }

        @Override
        public Channel channel() {
            return channel;
        }

        @Override
        public boolean isOpen() {
            return channel == null ? open : channel.isOpen();
        }

        @Override
        public void acquire() {
            acquired++;
        }

        @Override
        public void release() {
            acquired--;
        }

        @Override
        public boolean await(long nanos, BooleanSupplier stillOfUse) {
            alive = stillOfUse;
            waitNanos = nanos;
            return await(nanos);
        }

        @Override
        public boolean await(long nanos) {
            return readyOnAwait;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public void position(long set) throws IOException {
            failIfScripted("position");
            position = set;
        }

        @Override
        public long read(ByteBuffer to, long at) {
            return Step.END;
        }

        @Override
        public long write(ByteBuffer from, long at) {
            int n = Math.min(3, from.remaining()); // short on purpose
            for (int i = 0; i < n; i++) {
                written.append((char) from.get());
            }
            return n;
        }
    }
}
