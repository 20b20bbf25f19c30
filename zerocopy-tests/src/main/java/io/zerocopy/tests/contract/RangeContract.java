package io.zerocopy.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Strategy;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.Place;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The part of {@link StrategyContract} about positions: ranges, positions beyond 32 bits, and holes. */
abstract class RangeContract extends WholeContract {
    private static final int COUNT = 100_001;
    private static final long OWN_POSITION = 11;
    private static final long AROUND_4_GIB = (1L << 32) - 50_000;
    private static final long LARGE = (1L << 32) + 200_001;
    private static final int ISLAND = 70_000;
    private static final long[] ISLANDS = {0, (1L << 31) - 35_003, (1L << 32) - 35_003, LARGE - ISLAND};

    RangeContract(Provider provider) {
        super(provider);
    }

    /** Moves from positions that need more than 32 bits, to every kind of target. */
    @TestFactory
    Stream<DynamicNode> aRangeBeyond32BitsReachesEveryTarget() {
        return sampled(installed()
                .flatMap(strategy -> Stream.of(TargetCase.values())
                        .map(target ->
                                limited(strategy.name() + ": range to " + target, () -> range(strategy, target)))));
    }

    private void range(Strategy strategy, TargetCase targetCase) throws Exception {
        try (TestFixture fixture = fixture()) {
            FileChannel source = source(fixture, AROUND_4_GIB, COUNT);
            Content content = (into, length, offset) -> Content.PATTERN.fill(into, length, AROUND_4_GIB + offset);
            TargetCase.Opened target = targetCase.open(fixture, content);
            Transfer transfer = target.into()
                    .put(Transfers.from(source).range(AROUND_4_GIB, COUNT))
                    .use(strategy.name(), Preference.REQUIRE)
                    .build();
            if (moves(transfer, strategy, COUNT, false)) {
                assertThat(source.position()).as("the source's own position").isEqualTo(OWN_POSITION);
                assertThat(target.finish().count()).as("bytes that arrived").isIn((long) COUNT, -1L);
            }
        }
    }

    /**
     * Moves a range to a position before, inside and after the target's bytes; the own positions of both channels must
     * not change.
     */
    @TestFactory
    Stream<DynamicNode> rangesLeaveOwnPositionsAlone() {
        return sampled(installed()
                .flatMap(strategy -> Stream.of(Place.values())
                        .map(place -> limited(strategy.name() + ": " + place, () -> between(strategy, place)))));
    }

    private void between(Strategy strategy, Place place) throws Exception {
        try (TestFixture fixture = fixture()) {
            FileChannel source = source(fixture, place.source(), COUNT + 5000);
            TargetDriver drain = TargetDriver.open(fixture, TargetDriver.Of.FILE, place.source(), place);
            Transfer transfer = Transfers.from(source)
                    .range(place.source(), COUNT)
                    .to((FileChannel) drain.subject())
                    .targetPosition(place.target())
                    .use(strategy.name(), Preference.REQUIRE)
                    .build();
            if (moves(transfer, strategy, COUNT, place.gap())) {
                assertThat(source.position()).as("the source's own position").isEqualTo(OWN_POSITION);
                drain.isUntouched();
                drain.has(COUNT);
            }
        }
    }

    /** Returns false if the mechanism declines. */
    private boolean moves(Transfer transfer, Strategy strategy, long count, boolean gap) throws IOException {
        if (!serves(transfer)) {
            return false;
        }
        try {
            TransferResult result = transfer.run();
            assertThat(result.bytes()).as("bytes counted").isEqualTo(count);
            assertThat(result.mechanismName()).as("what moved them").isEqualTo(strategy.name());
            return true;
        } catch (MechanismUnavailableException declined) {
            assertThat(mayDecline(strategy.mechanism(), gap))
                    .as(declined.getMessage())
                    .isTrue();
            return false;
        }
    }

    private static FileChannel source(TestFixture fixture, long start, int count) throws IOException {
        Path path = fixture.path("source");
        write(path, start, count);
        return fixture.keep(FileChannel.open(path)).position(OWN_POSITION);
    }

    /** Writes bytes of the pattern at their position. */
    private static void write(Path path, long position, int count) throws IOException {
        try (FileChannel out = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(Content.PATTERN.bytes(position, count));
            while (bytes.hasRemaining()) {
                out.write(bytes, position + bytes.position());
            }
        }
    }

    /** Data around 2 GiB and around 4 GiB, and holes between. */
    @TestFactory
    Stream<DynamicNode> moreThan32BitsOfHolesAndDataGoFromFileToFile() {
        return installed().map(strategy -> limited(strategy.name(), () -> large(strategy)));
    }

    private void large(Strategy strategy) throws Exception {
        try (TestFixture fixture = fixture()) {
            Path source = fixture.path("source");
            for (long island : ISLANDS) {
                write(source, island, ISLAND);
            }
            Path target = fixture.path("target");
            Transfer transfer = Transfers.from(source)
                    .to(target)
                    .use(strategy.name(), Preference.REQUIRE)
                    .build();
            if (moves(transfer, strategy, LARGE, false)) {
                hasIslands(target);
            }
        }
    }

    /** Checks every byte of the data and as many bytes around it, and that the rest is a hole or zeros. */
    private static void hasIslands(Path target) throws IOException {
        try (FileChannel file = FileChannel.open(target)) {
            assertThat(file.size()).as("the target's size").isEqualTo(LARGE);
            boolean sparse = allocated(target) < (16 << 20);
            ByteBuffer found = ByteBuffer.allocate(ISLAND);
            for (long at = 0; at < LARGE; at += ISLAND) {
                int length = (int) Math.min(ISLAND, LARGE - at);
                if (sparse && !nearIsland(at)) {
                    continue;
                }
                found.clear().limit(length);
                while (found.hasRemaining() && file.read(found, at + found.position()) > 0) {
                    continue;
                }
                int wrong = Arrays.mismatch(found.array(), 0, found.position(), expected(at), 0, length);
                assertThat(wrong).as("wrong byte behind %d", at).isEqualTo(-1);
            }
        }
    }

    private static boolean nearIsland(long at) {
        return Arrays.stream(ISLANDS).anyMatch(island -> Math.abs(at - island) <= 2 * ISLAND);
    }

    private static byte[] expected(long at) {
        byte[] bytes = new byte[ISLAND];
        for (long island : ISLANDS) {
            long from = Math.max(at, island);
            long length = Math.min(at, island) + ISLAND - from;
            if (length > 0) {
                System.arraycopy(Content.PATTERN.bytes(from, (int) length), 0, bytes, (int) (from - at), (int) length);
            }
        }
        return bytes;
    }

    private static long allocated(Path path) throws IOException {
        String[] words =
                TestFixture.run("stat", "-c", "%b %B", path.toString()).strip().split(" ");
        return Long.parseLong(words[0]) * Long.parseLong(words[1]);
    }
}
