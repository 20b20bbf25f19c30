package io.zerocopy.tests.contract;

import io.zerocopy.Mechanism;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** The example of the guide: adds one mechanism, which reads and writes through memory on the heap. */
public class HeapProvider implements Provider {
    @Override
    public String name() {
        return "heap";
    }

    @Override
    public int rank() {
        return 1000; // ranks matter for ports only, and this provider has none
    }

    @Override
    public List<Strategy> strategies() {
        return List.of(new HeapStrategy());
    }

    @Override
    public EndpointFacts describe(Path path, boolean target) {
        return null;
    }

    @Override
    public Source source(Closeable source) {
        return null;
    }

    @Override
    public Target target(Closeable target) {
        return null;
    }

    static class HeapStrategy implements Strategy {
        @Override
        public Mechanism mechanism() {
            return Mechanism.READ_WRITE; // counts as this one, costs the same, and is tried directly before it
        }

        @Override
        public String name() {
            return "HEAP_READ_WRITE";
        }

        @Override
        public String refusal(EndpointFacts source, EndpointFacts target, TransferRequest request) {
            if (source.kind() == EndpointKind.MEMORY) {
                return "the source is in memory already";
            }
            return request.explicitlyRequested() ? null : "direct memory is faster; name it to have it";
        }

        @Override
        public Mover open(Source source, Target target, TransferRequest request) {
            return new HeapMover(source, target);
        }
    }

    static class HeapMover implements Mover {
        private final Source source;
        private final Target target;
        private final ByteBuffer held = ByteBuffer.allocate(1 << 16).limit(0);

        HeapMover(Source source, Target target) {
            this.source = source;
            this.target = target;
        }

        @Override
        public long step(long sourcePosition, long targetPosition, long count) throws IOException {
            if (!held.hasRemaining()) {
                long n = fill(sourcePosition, count);
                if (n < 0) {
                    return n; // AWAIT_SOURCE or END
                }
            }
            int limit = held.limit();
            held.limit((int) Math.min(limit, held.position() + count));
            try {
                return target.write(held, targetPosition);
            } finally {
                held.limit(limit);
            }
        }

        private long fill(long sourcePosition, long count) throws IOException {
            held.clear().limit((int) Math.min(held.capacity(), count));
            try {
                return source.read(held, sourcePosition);
            } finally {
                held.flip();
            }
        }

        @Override
        public ByteBuffer residue() {
            boolean rereadable = source.facts().kind().isFile();
            return rereadable ? ByteBuffer.allocate(0) : held;
        }

        @Override
        public void close() {
            // holds memory only
        }
    }
}
