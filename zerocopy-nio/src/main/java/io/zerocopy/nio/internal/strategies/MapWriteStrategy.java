package io.zerocopy.nio.internal.strategies;

import io.zerocopy.Mechanism;
import io.zerocopy.nio.internal.JdkChannels;
import io.zerocopy.nio.internal.mapped.MappedRegion;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.OpenedFile;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * Moves a file to any target with a descriptor: {@code mmap(2)} of a window, {@code write(2)} from it.
 *
 * <p>A step is short if the target's write is short. Ends at the end of the file, even if the file is truncated
 * meanwhile: the size is read before and after each write, because the bytes after the end on the last mapped page read
 * as zeros, and an access after that page faults. If zeros may have gone to a target that cannot be truncated, it fails
 * instead of ending. The positions of both channels do not change. Declines if the file cannot be mapped. Windows are
 * unmapped after use, see {@link MappedRegion}.
 *
 * <p>Saves one of the two copies. Costs page faults and, on many cores, interrupts of the other cores at each
 * unmapping. A target channel that is not the JDK's own is refused: it could keep a window and access it after it is
 * unmapped, which crashes the JVM.
 */
public final class MapWriteStrategy implements Strategy {
    @Override
    public Mechanism mechanism() {
        return Mechanism.MMAP_WRITE;
    }

    @Override
    public String refusal(EndpointFacts source, EndpointFacts target, TransferRequest request) {
        if (source.kind() != EndpointKind.FILE) {
            return "only a file of known size can be mapped";
        }
        if (!source.jdkFile()) {
            return "only a file channel of the JDK is mapped, and the source has none";
        }
        if (target.kind() == EndpointKind.OPAQUE
                || target.kind() == EndpointKind.STREAM
                || target.kind() == EndpointKind.MEMORY) {
            return "a foreign channel must not see mapped pages";
        }
        return target.descriptor() || !target.kind().isFile() || target.jdkFile()
                ? null
                : "a foreign channel must not see mapped pages";
    }

    @Override
    public Mover open(Source source, Target target, TransferRequest request) throws IOException {
        FileChannel file = OpenedFile.of(source.channel());
        if (file == null
                || !JdkChannels.isOfJdk(file)
                || !(target.descriptor() != null || JdkChannels.isOfJdk(target.channel()))) {
            return Mover.declined(JdkChannels.NONE);
        }
        return new MapWriteMover(source, file, target, request);
    }
}
