package io.zerocopy.tests.contract;

import io.zerocopy.Preference;
import io.zerocopy.nio.NioProvider;
import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Request;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * One mover between two ends that its thread feeds and drains, and every answer of it held against {@link Mover}. The
 * schedule is random and told by its seed.
 *
 * <p>Invariant: {@code moved} bytes have reached the target, and no more.
 */
final class Steps implements AutoCloseable {
    /** More than any source has: as many as there are. */
    static final long ALL = Long.MAX_VALUE;

    private static final int[] AMOUNTS = {1, 13, 4096, 10_000, 65_537, 200_000};
    private static final long[] MORE_THAN_32_BITS = {1L << 31, (1L << 32) + 1, ALL};
    private static final long SLICE = 1_000_000;
    private static final int EVERY = 9; // among them cancelled and broken off in the middle, and inside a file

    private final Feed feed;
    private final Drain drain;
    private final Source source;
    private final Target target;
    private final Strategy strategy;
    private final Request request;
    private final Random random;
    private final long count;
    private final Path directory;
    private final boolean looksAround;
    private Surroundings surroundings;
    private Mover mover;
    private long moved;
    private long mayHold; // bytes at most that the mover has taken and not delivered
    private String declined = "";
    private long lastChange = System.nanoTime();

    /**
     * Takes both ends.
     *
     * @param rig closes them
     * @param count bytes that the mover is asked for; the source may have more, or fewer
     */
    Steps(Rig rig, Provider provider, Strategy strategy, Feed feed, Drain drain, long count, long seed)
            throws IOException {
        this.directory = rig.directory();
        this.feed = feed;
        this.drain = drain;
        this.count = count;
        this.strategy = strategy;
        this.random = new Random(seed);
        looksAround = seed % EVERY == 0; // it takes reading a hundred files
        Provider plain = new NioProvider();
        Closeable from = feed.subject();
        Source port = from == null ? feed.memory() : provider.source(from);
        source = port == null ? plain.source(from) : port;
        Target end = provider.target(drain.subject());
        target = end == null ? plain.target(drain.subject()) : end;
        long targetPosition = drain.of() == Drain.Of.FILE ? drain.start() : Target.NO_POSITION;
        request = new Request(feed.start(), targetPosition, count, true, Preference.REQUIRE);
    }

    /** Why the strategy does not take the pair; null when it does. */
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

    /** Why the mover declined; empty where it did not. */
    String declinedBecause() {
        return declined;
    }

    Drain drain() {
        return drain;
    }

    /**
     * Steps until all that was asked for has moved, the source has ended, the mover has declined, or so many steps were
     * made; feeds and drains whenever the mover has to wait.
     *
     * @param most steps
     * @param total bytes that are fed before the source ends
     * @return {@link Step#END}, {@link Step#DECLINED}, or what the last step came to
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

    /** Steps and feeds as {@link #run} does, and stops where it would drain. */
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
     * Steps two movers by turns until both are over.
     *
     * @param total bytes that each is fed before its source ends
     * @return what the last step of each came to
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
        long at = drain.of() == Drain.Of.FILE ? drain.start() + moved : Target.NO_POSITION;
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

    /** A mover that asks for its source while it holds bytes of it waits in vain here. */
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

    /** Waits, but not where something has changed: there the next step may be worth while. */
    private void await(Endpoint end, int changed, String which) throws IOException {
        end.beforeWaiting();
        if (changed > 0) {
            lastChange = System.nanoTime();
            return;
        }
        end.await(SLICE);
        if (System.nanoTime() - lastChange > TimeUnit.SECONDS.toNanos(Rig.DEADLINE_SECONDS)) {
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
     * Makes one step while the thread is interrupted, and tells whether it did what a step does. An end of the JDK's may
     * be closed by that, as anywhere.
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

    /** Closes what one end was made from; false where there is nothing to close. */
    boolean closeEnd(boolean ofSource) throws IOException {
        Closeable end = ofSource ? feed.subject() : drain.subject();
        if (end != null) {
            end.close();
        }
        return end != null;
    }

    /**
     * Ends the mover where it stands, when an end was closed; fails if the other one was, too, or if what is handed back was
     * not taken.
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
     * Ends the mover where it stands.
     *
     * @return what it hands back
     */
    ByteBuffer end() throws IOException {
        ByteBuffer residue = mover.residue();
        close();
        if (surroundings != null) {
            surroundings.areUnchanged();
        }
        return residue;
    }

    /** Ends the mover where it stands and accounts for every byte. */
    void account(boolean targetHolds) throws IOException {
        account(end(), targetHolds);
    }

    /**
     * Accounts for every byte.
     *
     * @param residue what {@link #end} has returned
     * @param targetHolds whether what was counted can be looked at, and is
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
