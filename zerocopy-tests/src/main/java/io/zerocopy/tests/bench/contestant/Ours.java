package io.zerocopy.tests.bench.contestant;

import io.zerocopy.ChannelHold;
import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.bench.contestant.Contestant.Role;
import io.zerocopy.tests.bench.pair.BenchmarkCase;
import io.zerocopy.tests.bench.pair.BenchmarkEndpoints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** This library, called like in an application: every transfer is built anew. */
final class Ours {
    private Ours() {}

    /** Uses the mechanism that the library chooses. */
    static JdkWays.Way auto(BenchmarkCase pair) {
        if (pair.source() == BenchmarkCase.End.DIRECT) {
            return direct(8, Preference.AUTO);
        }
        return (ends, size) ->
                check(to(pair, from(pair, ends, size), ends).build().run(), size);
    }

    /** The same with channels that are held, as a server holds those of a connection; for what can be held. */
    static List<Lineup.Entry> held(BenchmarkCase pair) {
        if (pair.source() != BenchmarkCase.End.TCP && pair.target() != BenchmarkCase.End.TCP) {
            return List.of();
        }
        String name = "zerocopy held";
        return List.of(new Lineup.Entry(name, Role.JVM, lane -> {
            BenchmarkEndpoints ends = BenchmarkEndpoints.open(pair, lane);
            List<Channel> channels = new ArrayList<>(List.of(ends.out()));
            if (ends.source() instanceof Channel source) {
                channels.add(source);
            }
            ChannelHold hold = Transfers.hold(channels.toArray(Channel[]::new));
            return new InJvm(name, Role.JVM, ends, auto(pair), hold::close);
        }));
    }

    /** Uses direct I/O with a number of blocks under way. */
    static JdkWays.Way direct(int depth, Preference ring) {
        return (ends, size) -> {
            Transfer.Builder builder = Transfers.from(ends.fileIn())
                    .range(0, size)
                    .to(ends.out())
                    .targetPosition(0)
                    .use(Mechanism.DIRECT_IO, Preference.REQUIRE);
            if (ring == Preference.NEVER) {
                builder.use(Mechanism.IO_URING, ring);
            }
            check(builder.queueDepth(depth).build().run(), size);
        };
    }

    /** Uses a mechanism by name. */
    static JdkWays.Way by(BenchmarkCase pair, Mechanism mechanism) {
        return (ends, size) -> check(
                to(pair, from(pair, ends, size), ends)
                        .use(mechanism, Preference.REQUIRE)
                        .build()
                        .run(),
                size);
    }

    /** Promises that the source file does not change. */
    static JdkWays.Way stable(BenchmarkCase pair) {
        return (ends, size) -> check(
                to(pair, from(pair, ends, size), ends).stableSource().build().run(), size);
    }

    static void copyPath(BenchmarkEndpoints ends, long size) throws IOException {
        check(Transfers.copy((Path) ends.source(), (Path) ends.target(), StandardCopyOption.REPLACE_EXISTING), size);
    }

    private static Transfer.Builder from(BenchmarkCase pair, BenchmarkEndpoints ends, long size) {
        if (ends.source() instanceof ByteBuffer memory) {
            return Transfers.from(memory.clear().limit((int) size));
        }
        Transfer.Builder builder = Transfers.from((ReadableByteChannel) ends.source());
        return pair.source().isFile() ? builder.range(0, size) : builder.count(size);
    }

    private static Transfer.Builder to(BenchmarkCase pair, Transfer.Builder builder, BenchmarkEndpoints ends) {
        builder.to(ends.out());
        return pair.target().isFile() ? builder.targetPosition(0) : builder;
    }

    private static void check(TransferResult result, long size) throws IOException {
        if (result.bytes() != size) {
            throw new IOException(result.bytes() + " bytes moved, not " + size);
        }
    }
}
