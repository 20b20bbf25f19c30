package io.zerocopy.linux.internal.direct;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.spi.Target;
import java.io.IOException;

/** From a file past the page cache to any target. */
final class DirectReadMover extends DirectMover {
    private final DescriptorSource source;
    private final Target target;
    private final DirectReader reader;

    DirectReadMover(DescriptorSource source, Target target, DirectDescriptor end) {
        this.source = source;
        this.target = target;
        this.reader = new DirectReader(end);
    }

    @Override
    public long step(long sourcePosition, long targetPosition, long count) throws IOException {
        source.checkOpen();
        long n = reader.fill(sourcePosition, count);
        if (n < 0) {
            return refused(Call.DIRECT_PREAD, n);
        }
        return n == 0
                ? ended(source, sourcePosition)
                : told(target.write(reader.part(sourcePosition, n), targetPosition));
    }

    @Override
    public void close() {
        reader.close();
    }
}
