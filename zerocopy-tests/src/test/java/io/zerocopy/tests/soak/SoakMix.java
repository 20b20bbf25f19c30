package io.zerocopy.tests.soak;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferClosedByInterruptException;
import io.zerocopy.TransferFailure;
import io.zerocopy.TransferInterruptedException;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One transfer of a soak, drawn from a seed: its ends, its length, the bytes around it, the mechanism that is preferred
 * or required, and what is done to it meanwhile. The check is the same in every case: counted bytes have arrived, byte
 * for byte; bytes that were taken and did not arrive are handed back; bytes that were not taken are still in the
 * source.
 */
final class SoakMix {
    /** What is done to a transfer while it runs. */
    enum Doing {
        NOTHING,
        SESSION,
        CANCEL,
        INTERRUPT,
        CLOSE_SOURCE,
        CLOSE_TARGET,
        RESET,
        TIMEOUT
    }

    private static final Mechanism[] MECHANISMS = Mechanism.values();

    /** The JDK copies, and reports nothing of an interrupted copy but the interrupt. */
    private static final Set<Mechanism> COPIES = EnumSet.of(Mechanism.TRANSFER_TO, Mechanism.TRANSFER_FROM);

    /**
     * Before 21, the JDK lets a target be closed during its {@code transferTo}; if you require that mechanism, keep it
     * open.
     */
    private static final boolean GUARDS_TARGETS = Runtime.version().feature() >= 21;

    /**
     * Bytes that may have been left mapped: if {@code FileChannel.map} is interrupted, the JDK throws after the mapping
     * was made, and no one can unmap it.
     */
    static final AtomicLong MAY_BE_MAPPED = new AtomicLong();

    /**
     * Bytes that may be held for a kernel that still sends from them. If a socket is closed before its reports have
     * come, they never come. So the bytes are held for as long as TCP may try to send them.
     */
    static final AtomicLong MAY_BE_SENDING = new AtomicLong();

    private final Random random;
    private final Doing doing;
    private final SoakSource.Kind from;
    private final SoakTarget.Kind to;
    private final Mechanism named; // null for any mechanism
    private final Preference preference;
    private final SoakPlace place;
    private final SoakContent content;
    private final SoakSource source;
    private final SoakTarget target;

    private int transferred;
    private ByteBuffer remainder = ByteBuffer.allocate(0);
    private boolean done;
    private IOException failure;

    SoakMix(long seed, ExecutorService peers, List<Path> directories) {
        this.random = new Random(seed);
        Preference wish = Preference.values()[random.nextInt(Preference.values().length)];
        this.named = random.nextInt(5) == 0 ? null : MECHANISMS[random.nextInt(MECHANISMS.length)];
        this.preference = wish;
        SoakPairs pairs = SoakPairs.of(named == null || wish != Preference.REQUIRE ? Mechanism.READ_WRITE : named);
        this.from = pairs.source(random);
        this.to = pairs.target(random);
        Doing drawn = Doing.values()[random.nextInt(Doing.values().length)];
        boolean unguarded = !GUARDS_TARGETS && named == Mechanism.TRANSFER_TO && wish == Preference.REQUIRE;
        this.doing = unguarded && drawn == Doing.CLOSE_TARGET ? Doing.CLOSE_SOURCE : drawn;
        int size = (int) Math.exp(random.nextDouble() * Math.log(700_000));
        boolean bounded = from != SoakSource.Kind.MEMORY && random.nextBoolean();
        this.content = SoakContent.draw(random, size, random.nextInt(4) == 0, random.nextInt(4) == 0, bounded);
        this.place = new SoakPlace(peers, named == Mechanism.REFLINK ? reversed(directories) : directories);
        this.source = new SoakSource(place, content, from, random);
        this.target = new SoakTarget(place, content, to, random);
    }

    private static List<Path> reversed(List<Path> directories) {
        List<Path> reversed = new ArrayList<>(directories);
        Collections.reverse(reversed);
        return reversed;
    }

    @Override
    public String toString() {
        return doing + " " + from + " → " + to + ", " + content + ", " + preference + " " + named + ", counted "
                + transferred + ", handed back " + remainder.remaining() + (done ? ", done" : ", " + failure);
    }

    /** Runs it; throws an error if something is wrong. */
    void play() throws Exception {
        try (place) {
            Transfer.Builder builder = source.open();
            target.open(builder);
            wish(builder);
            if (doing == Doing.TIMEOUT) {
                builder.timeout(Duration.ofNanos(1 + random.nextInt(500_000)));
            }
            if (doing == Doing.RESET && to == SoakTarget.Kind.TCP) {
                target.resetAfter(1 + random.nextInt(content.total()));
            }
            builder.fairChunk(1 + random.nextInt(100_000));
            Transfer transfer = builder.build();
            try {
                if (doing == Doing.SESSION || doing == Doing.CANCEL) {
                    advance(transfer);
                } else {
                    disturbed(transfer);
                }
            } catch (IOException e) {
                if (!isDeclined(e)) {
                    throw e;
                }
                failed(e);
            }
            judge();
        }
    }

    private void wish(Transfer.Builder builder) {
        if (named != null) {
            builder.use(named, preference);
        }
        if (content.isFramed()) {
            builder.header(content.header()).trailer(content.trailer());
        }
        if (random.nextInt(6) == 0) {
            builder.dropBehind();
        }
        if (random.nextInt(8) == 0) {
            builder.stableSource();
        }
        if (to.isFile() && random.nextInt(40) == 0) {
            builder.durable();
        }
        if (random.nextInt(8) == 0) {
            builder.queueDepth(1 + random.nextInt(16));
        }
    }

    private void done(TransferResult result) {
        done = true;
        transferred = (int) result.bytes();
        SoakTally.count("done " + result.mechanism());
    }

    private void advance(Transfer transfer) throws IOException {
        source.nonBlocking();
        target.nonBlocking();
        int steps = doing == Doing.CANCEL ? random.nextInt(20) : Integer.MAX_VALUE;
        TransferSession session = transfer.open();
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestFixture.DEADLINE_SECONDS);
            for (int i = 0; i < steps && !done; i++) {
                Status status = session.advance();
                done = status == Status.DONE;
                if (status == Status.AWAIT_SOURCE || status == Status.AWAIT_TARGET) {
                    LockSupport.parkNanos(20_000);
                    i--;
                    if (doing == Doing.CANCEL && random.nextInt(10) == 0) {
                        break;
                    }
                }
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("does not end, says " + status);
                }
            }
        } finally {
            session.close();
        }
        transferred = (int) session.transferred();
        remainder = session.remainder();
        if (done) {
            done(session.result());
        }
    }

    private void disturbed(Transfer transfer) throws Exception {
        Future<?> disturber = disturber(Thread.currentThread());
        try {
            done(transfer.run());
        } catch (IOException e) {
            if (doing == Doing.NOTHING) {
                throw e;
            }
            failed(e);
        } finally {
            if (disturber != null) {
                SoakPlace.joined(disturber);
            }
            Thread.interrupted();
        }
    }

    /**
     * Returns whether every remaining mechanism has declined; after a header or earlier parts, some bytes have moved by
     * then.
     */
    private boolean isDeclined(IOException e) {
        return named != null
                && preference != Preference.AUTO
                && (e instanceof MechanismUnavailableException
                        || e.getCause() instanceof MechanismUnavailableException
                        || String.valueOf(e.getMessage()).startsWith("no mechanism is left"));
    }

    private void failed(IOException e) {
        failure = e;
        if (isDeclined(e)) {
            SoakTally.count("unavailable " + named);
        }
        if (e instanceof TransferFailure told) {
            transferred = (int) told.transferred();
            remainder = told.remainder();
            told.mechanism().ifPresent(by -> SoakTally.count("early " + by));
        }
        if (e instanceof TransferClosedByInterruptException) {
            MAY_BE_MAPPED.addAndGet(content.size() + content.before() + 4096);
        }
    }

    private Future<?> disturber(Thread runner) {
        long after = random.nextInt(1_000_000);
        Channel victim =
                doing == Doing.CLOSE_SOURCE ? source.channel() : doing == Doing.CLOSE_TARGET ? target.channel() : null;
        if (victim == null && doing != Doing.INTERRUPT) {
            return null;
        }
        return place.peer((Callable<Void>) () -> {
            long until = System.nanoTime() + after;
            while (System.nanoTime() < until) {
                LockSupport.parkNanos(10_000);
            }
            if (victim == null) {
                runner.interrupt();
            } else {
                victim.close();
            }
            return null;
        });
    }

    private void judge() throws Exception {
        if (!done && transferred > 0 && named == Mechanism.MSG_ZEROCOPY && preference == Preference.REQUIRE) {
            MAY_BE_SENDING.addAndGet(content.total());
        }
        require(!done || transferred == content.total(), "done with less");
        byte[] handedBack = new byte[remainder.remaining()];
        remainder.duplicate().get(handedBack);
        content.check(handedBack, 0, handedBack.length, transferred);
        boolean open = (source.channel() == null || source.channel().isOpen())
                && (target.channel() == null || target.channel().isOpen());
        require(open || !(failure instanceof TransferInterruptedException), "interrupted, and a channel is not open");
        boolean copied = failure instanceof TransferClosedByInterruptException told
                && told.mechanism().filter(COPIES::contains).isPresent();
        if (!copied) {
            target.judge(transferred);
        }
        boolean lossless = doing != Doing.RESET || to != SoakTarget.Kind.TCP;
        int arrived = target.arrived();
        require(
                copied ? arrived >= transferred : lossless ? arrived == transferred : arrived <= transferred,
                arrived + " bytes arrived");
        if (!copied) {
            int delivered = content.ofBody(transferred);
            source.judge(delivered, delivered + handedBack.length);
        }
    }

    private static void require(boolean right, String what) {
        if (!right) {
            throw new AssertionError(what);
        }
    }
}
