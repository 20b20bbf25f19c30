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
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * One mover between two ends that its thread feeds and drains, and every answer of it held against {@link Mover}. The
 * schedule is random and told by its seed.
 *
 * <p>Invariant: {@code moved} bytes have reached the target, and no more.
 */
final class Steps implements AutoCloseable {
    private static final int[] AMOUNTS = {1, 13, 4096, 10_000, 65_537, 200_000};
    private static final long SLICE = 1_000_000;
    private static final int EVERY = 20;
    private static final int THE_SEVENTH = 7; // which cancels and breaks off in the middle

    private final Feed feed;
    private final Drain drain;
    private final Source source;
    private final Target target;
    private final Strategy strategy;
    private final Request request;
    private final Random random;
    private final long count;
    private final boolean looksAtFlags;
    private StatusFlags flags;
    private Mover mover;
    private long moved;
    private String declined = "";
    private long lastChange = System.nanoTime();

    /**
     * Takes both ends.
     *
     * @param count bytes that the mover is asked for; the source may have more
     */
    Steps(Provider provider, Strategy strategy, Feed feed, Drain drain, long count, long seed) throws IOException {
        this.feed = feed;
        this.drain = drain;
        this.count = count;
        this.strategy = strategy;
        this.random = new Random(seed);
        looksAtFlags = seed % EVERY == THE_SEVENTH; // it takes reading a hundred files
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
        flags = looksAtFlags ? new StatusFlags() : null;
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
            n = step(Math.min(amount(), count - moved));
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

    private static boolean over(long n) {
        return n == Step.END || n == Step.DECLINED;
    }

    private int amount() {
        return AMOUNTS[random.nextInt(AMOUNTS.length)];
    }

    private long step(long asked) throws IOException {
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

    /** Closes what one end was made from; false where there is nothing to close. */
    boolean closeEnd(boolean ofSource) throws IOException {
        Closeable end = ofSource ? feed.subject() : drain.subject();
        if (end != null) {
            end.close();
        }
        return end != null;
    }

    /**
     * Ends the mover where it stands and accounts for every byte that was fed: it was counted, is handed back, or is
     * still in the source; in this order, each once.
     *
     * @param targetHolds whether what was counted can be looked at, and is
     */
    void account(boolean targetHolds) throws IOException {
        ByteBuffer residue = mover.residue();
        close();
        if (flags != null) {
            flags.areUnchanged();
        }
        byte[] back = new byte[residue.remaining()]; // looked at behind the close: it is the caller's to keep
        residue.get(back);
        if (!feed.of().stream() && back.length > 0) {
            throw new AssertionError("hands back " + back.length + " bytes that the source still has");
        }
        if (back.length > count - moved) {
            throw new AssertionError("took " + (moved + back.length) + " bytes, " + count + " were wanted");
        }
        if (targetHolds) {
            drain.has(moved);
            drain.stillTakes();
        }
        expect("what is handed back", back, moved);
        if (feed.of() != Feed.Of.FILE) {
            byte[] rest = feed.rest();
            expect("the rest of the source", rest, moved + back.length);
            if (moved + back.length + rest.length != feed.fed()) {
                throw new AssertionError("of " + feed.fed() + " bytes, " + moved + " moved, " + back.length
                        + " are handed back and " + rest.length + " are left");
            }
        }
        boolean own = drain.of() != Drain.Of.APPEND && ownPosition(drain.subject()) != 0;
        if (own || ownPosition(feed.subject()) != 0) {
            throw new AssertionError("a channel's own position has moved, which is for the loop to do");
        }
    }

    private void expect(String what, byte[] bytes, long offset) {
        int wrong = Arrays.mismatch(bytes, Content.PATTERN.bytes(feed.start() + offset, bytes.length));
        if (wrong >= 0) {
            throw new AssertionError(what + " is wrong at " + wrong + " of " + bytes.length);
        }
    }

    private static long ownPosition(Closeable subject) throws IOException {
        return subject instanceof FileChannel file ? file.position() : 0;
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
