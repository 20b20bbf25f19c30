package io.zerocopy.nio.internal.strategies;

import io.zerocopy.Mechanism;
import io.zerocopy.nio.internal.Channels;
import io.zerocopy.nio.internal.mapped.MappedRegion;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Request;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * Moves a file to anything with a descriptor: {@code mmap(2)} of a window, {@code write(2)} from it.
 *
 * <p>Falls short as the target does. Ends where the file ends, also where it was truncated meanwhile: the size is asked
 * before and after each write, since what lies behind the end on the last mapped page reads as zeros and what lies
 * behind that page faults. Where zeros may have gone to a target that cannot be cut, it fails instead of ending.
 * Positions of both channels stay as they are. Declines where the file cannot be mapped. Windows are unmapped when they
 * are done with, see {@link MappedRegion}.
 *
 * <p>Saves one of the two copies; costs page faults and, on many cores, their interrupts at each unmapping. A foreign
 * channel as target is refused: it could touch pages that are gone, which kills the JVM when they are unmapped.
 */
public final class MapWriteStrategy implements Strategy {
    @Override
    public Mechanism mechanism() {
        return Mechanism.MMAP_WRITE;
    }

    @Override
    public String refusal(Facts source, Facts target, Request request) {
        if (source.kind() != Kind.FILE) {
            return "only a file of known size can be mapped";
        }
        if (!source.jdkFile()) {
            return "only a file channel of the JDK is mapped, and the source has none";
        }
        if (target.kind() == Kind.OPAQUE || target.kind() == Kind.STREAM || target.kind() == Kind.MEMORY) {
            return "a channel of which nothing is known must not see mapped pages";
        }
        return target.descriptor() || !target.kind().isFile() || target.jdkFile()
                ? null
                : "a channel of which nothing is known must not see mapped pages";
    }

    @Override
    public Mover open(Source source, Target target, Request request) throws IOException {
        if (!(source.channel() instanceof FileChannel file)
                || !Channels.isOfJdk(file)
                || !(target.facts().descriptor() || Channels.isOfJdk(target.channel()))) {
            return new DeclinedMover(DeclinedMover.NO_CHANNEL);
        }
        return new MapWriteMover(source, file, target, request);
    }
}
