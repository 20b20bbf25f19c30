package io.zerocopy.tests.contract;

import io.zerocopy.Preference;
import io.zerocopy.nio.NioProvider;
import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Steps one mover between two ends that the same thread feeds and drains, and checks every result against the contract
 * of {@link Mover}. The schedule is random and determined by its seed.
 *
 * <p>Invariant: {@code moved} bytes have reached the target, and no more.
 */
final class Steps implements AutoCloseable {
    /** More than any source has: moves all bytes. */
    static final long ALL = Long.MAX_VALUE;

    private static final int[] AMOUNTS = {1, 13, 4096, 10_000, 65_537, 200_000};
    private static final long[] MORE_THAN_32_BITS = {1L << 31, (1L << 32) + 1, ALL};
    private static final long SLICE = 1_000_000;
    private static final int EVERY = 9; // so that cancelled runs, failed runs and starts inside a file are among them

    private final SourceDriver feed;
    private final TargetDriver drain;
    private final Source source;
    private final Target target;
    private final Strategy strategy;
    private final TransferRequest request;
    private final Random random;
    private final long count;
    private final Path directory;
    private final boolean looksAround;
    private Surroundings surroundings;
    private Mover mover;
    private long moved;
    private long mayHold; // most bytes that the mover may have taken and not delivered
    private String declined = "";
    private long lastChange = System.nanoTime();

    /**
     * Takes both ends.
     *
     * @param fixture closes them
     * @param count bytes that the mover should move; the source may have more, or fewer
     */
    Steps(
            TestFixture fixture,
            Provider provider,
            Strategy strategy,
            SourceDriver feed,
            TargetDriver drain,
            long count,
            long seed)
            throws IOException {
        this.directory = fixture.directory();
        this.feed = feed;
        this.drain = drain;
        this.count = count;
        this.strategy = strategy;
        this.random = new Random(seed);
        looksAround = seed % EVERY == 0; // expensive: it reads a hundred files
        Provider plain = new NioProvider();
        Closeable from = feed.subject();
        Source port = from == null ? feed.memory() : provider.source(from);
        source = port == null ? plain.source(from) : port;
        Target end = provider.target(drain.subject());
        target = end == null ? plain.target(drain.subject()) : end;
        long targetPosition = drain.of() == TargetDriver.Of.FILE ? drain.start() : Target.NO_POSITION;
        request = new TransferRequest(feed.start(), targetPosition, count, true, Preference.REQUIRE);
    }

    /** Returns why the strategy refuses the pair; null if it accepts it. */
    String refusal() {
        return strategy.refusal(source.facts(), target.facts(), request);
    }

    /** Opens the mover. */
    Steps begin() throws IOException {
        surroundings = looksAround ? new Surroundings(directory) : null;
        source.acquire();
        target.acquire();
        mover = strategy.open(source, target, request);
        return this;
    }

    long moved() {
        return moved;
    }

    /** Returns why the mover declined; empty if it did not. */
    String declinedBecause() {
        return declined;
    }

    TargetDriver drain() {
        return drain;
    }

    /**
     * Steps until the count has moved, the source has ended, the mover has declined, or {@code most} steps were made.
     * Feeds and drains whenever the mover has to wait.
     *
     * @param most steps
     * @param total bytes to feed before the source ends
     * @return {@link Step#END}, {@link Step#DECLINED}, or the outcome of the last step
     */
    long run(int most, long total) throws IOException {
        long n = Step.AWAIT_SOURCE;
        for (int i = 0; i < most && moved < count; i++) {
            n = step(Math.min(count == ALL ? hugeAmount() : amount(), count - moved));
            if (over(n)) {
                return n;
            }
            if (n == Step.AWAIT_SOURCE) {
                awaitSource(total);
            } else if (n == Step.AWAIT_TARGET) {
                awaitTarget();
            }
        }
        return moved == count ? settled() : n;
    }

    /** Steps and feeds like {@link #run}, but stops when it would have to drain. */
    void runUntilTheTargetIsFull(long total) throws IOException {
        long n = Step.AWAIT_SOURCE;
        while (!over(n) && n != Step.AWAIT_TARGET && moved < count) {
            n = step(Math.min(amount(), count - moved));
            if (n == Step.AWAIT_SOURCE) {
                awaitSource(total);
            }
        }
    }

    /**
     * Steps two movers in turn until both have ended.
     *
     * @param total bytes to feed to each before its source ends
     * @return the outcome of the last step of each
     */
    static long[] byTurns(Steps one, Steps other, long total) throws IOException {
        long[] last = {Step.AWAIT_SOURCE, Step.AWAIT_SOURCE};
        while (!over(last[0]) || !over(last[1])) {
            last[0] = over(last[0]) ? last[0] : one.run(3, total);
            last[1] = over(last[1]) ? last[1] : other.run(3, total);
        }
        return last;
    }

    static boolean over(long n) {
        return n == Step.END || n == Step.DECLINED;
    }

    private int amount() {
        return AMOUNTS[random.nextInt(AMOUNTS.length)];
    }

    private long hugeAmount() {
        return MORE_THAN_32_BITS[random.nextInt(MORE_THAN_32_BITS.length)];
    }

    private long step(long asked) throws IOException {
        mayHold = Math.max(mayHold, asked);
        long at = drain.of() == TargetDriver.Of.FILE ? drain.start() + moved : Target.NO_POSITION;
        long n = mover.step(feed.start() + moved, at, asked);
        if (n > asked) {
            throw new AssertionError(n + " bytes moved where at most " + asked + " were asked for");
        }
        if (n == 0 || n < Step.DECLINED) {
            throw new AssertionError("a step is no count and no outcome of a step: " + n);
        }
        if (n > 0) {
            moved += n;
            lastChange = System.nanoTime();
        }
        if (moved > feed.fed()) {
            throw new AssertionError(moved + " bytes moved of " + feed.fed());
        }
        if (n == Step.END && (!feed.ended() || moved != feed.fed())) {
            throw new AssertionError("the source has not ended: " + moved + " of " + feed.fed() + " bytes moved");
        }
        if (n == Step.DECLINED) {
            declined = mover.declinedBecause();
            if (declined.isBlank()) {
                throw new AssertionError("declined, and does not say why");
            }
        }
        return n;
    }

    /** Fails if a mover waits for its source although it still holds bytes from it. */
    private void awaitSource(long total) throws IOException {
        mayHold = 0;
        if (moved < feed.fed() && feed.of().deliversAtOnce()) {
            throw new AssertionError(
                    "asks for its source, of which it has not delivered " + (feed.fed() - moved) + " bytes");
        }
        int more = 0;
        if (feed.fed() < total) {
            more = feed.feed((int) Math.min(amount(), total - feed.fed()));
        } else if (!feed.ended()) {
            feed.end();
            more = 1;
        }
        await(source, more, "the source, which " + (feed.ended() ? "has ended" : "was fed") + " at " + feed.fed());
    }

    private void awaitTarget() throws IOException {
        await(target, drain.drain(amount()), "the target, which was drained");
    }

    /** Waits, unless something has changed, because then another step may be worth trying. */
    private void await(Endpoint end, int changed, String which) throws IOException {
        end.beforeWaiting();
        if (changed > 0) {
            lastChange = System.nanoTime();
            return;
        }
        end.await(SLICE);
        if (System.nanoTime() - lastChange > TimeUnit.SECONDS.toNanos(TestFixture.DEADLINE_SECONDS)) {
            throw new AssertionError("waits in vain for " + which + ", after " + moved + " bytes");
        }
    }

    private long settled() throws IOException {
        target.push();
        long n = mover.settle();
        while (n == Step.AWAIT_RELEASE) {
            int drained = drain.drain(amount());
            target.awaitRelease(SLICE, () -> true);
            await(target, drained, "the kernel to let go of memory");
            n = mover.settle();
        }
        if (n != Step.END) {
            throw new AssertionError("settling came to " + n);
        }
        return n;
    }

    /**
     * Makes one step while the thread is interrupted, and returns whether it had a normal outcome. The interrupt may
     * close a JDK channel.
     */
    boolean stepsInterrupted() throws IOException {
        Thread.currentThread().interrupt();
        long n = Step.AWAIT_SOURCE;
        try {
            n = step(Math.min(amount(), count - moved));
            return n != Step.DECLINED;
        } catch (ClosedByInterruptException closed) {
            return false;
        } finally {
            if (!Thread.interrupted()) {
                throw new AssertionError("the thread's interrupt status is gone, the step came to " + n);
            }
        }
    }

    /** Closes the channel of one end; returns false if there is nothing to close. */
    boolean closeEnd(boolean ofSource) throws IOException {
        Closeable end = ofSource ? feed.subject() : drain.subject();
        if (end != null) {
            end.close();
        }
        return end != null;
    }

    /**
     * Ends the mover after one end was closed. Fails if the other end is closed too, or if the residue has bytes that
     * were never taken.
     *
     * @param ofSource whether the test has closed the source
     */
    void accountForOneEnd(boolean ofSource) throws IOException {
        new Account(feed, drain, moved).handedBack(end(), Math.min(mayHold, count - moved));
        if (ofSource) {
            drain.isUntouched();
        } else {
            feed.isUntouched();
        }
    }

    /**
     * Ends the mover in its current state.
     *
     * @return its residue
     */
    ByteBuffer end() throws IOException {
        ByteBuffer residue = mover.residue();
        close();
        if (surroundings != null) {
            surroundings.areUnchanged();
        }
        return residue;
    }

    /** Ends the mover in its current state and accounts for every byte. */
    void account(boolean targetHolds) throws IOException {
        account(end(), targetHolds);
    }

    /**
     * Accounts for every byte.
     *
     * @param residue the result of {@link #end}
     * @param targetHolds whether the counted bytes can be checked in the target, and are
     */
    void account(ByteBuffer residue, boolean targetHolds) throws IOException {
        new Account(feed, drain, moved).check(residue, Math.min(mayHold, count - moved), targetHolds);
    }

    @Override
    public void close() {
        if (mover != null) {
            mover.close();
            mover.close();
            source.release();
            target.release();
            mover = null;
        }
    }
}
