package io.zerocopy.tests.faults;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferClosedByInterruptException;
import io.zerocopy.TransferFailure;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.tests.faults.SoakEnds.End;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One transfer of a soak, drawn from a seed: which ends, how much, which mechanism is wished for, and what is done to it
 * meanwhile. The oracle is the same whatever happens: what was counted has arrived, byte for byte; what was taken and did
 * not arrive is handed back; what was not taken is still in the source.
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

    /**
     * Those that may map a file, the last two inside the JDK. An interrupt inside {@code FileChannel.map} leaves the mapping
     * to nobody: the JDK throws after it has been made.
     */
    private static final Set<Mechanism> MAPPING =
            EnumSet.of(Mechanism.MMAP_WRITE, Mechanism.TRANSFER_TO, Mechanism.TRANSFER_FROM);

    /** Bytes that such interrupts may have left mapped. */
    static final AtomicLong MAY_BE_MAPPED = new AtomicLong();

    private final Random random;
    private final ExecutorService peers;
    private final Doing doing;
    private final End from;
    private final End to;
    private final Mechanism wished;
    private final int size;
    private final SoakEnds ends;

    private int transferred;
    private ByteBuffer remainder = ByteBuffer.allocate(0);
    private boolean done;
    private boolean inTheJdk; // was interrupted there, which closes channels and loses the count of that operation

    SoakMix(long seed, ExecutorService peers, Path directory) {
        this.random = new Random(seed);
        this.peers = peers;
        this.doing = Doing.values()[random.nextInt(Doing.values().length)];
        this.from = End.values()[random.nextInt(End.values().length)];
        this.to = End.values()[random.nextInt(End.MEMORY.ordinal())];
        Mechanism drawn = random.nextInt(3) == 0 ? null : MECHANISMS[random.nextInt(MECHANISMS.length)];
        this.wished = doing == Doing.INTERRUPT && drawn != null && MAPPING.contains(drawn) ? null : drawn;
        this.size = (int) Math.exp(random.nextDouble() * Math.log(700_000));
        this.ends = new SoakEnds(peers, directory, random.nextInt(1 << 20), size);
    }

    @Override
    public String toString() {
        return doing + " " + from + " → " + to + ", " + size + " bytes, wished " + wished + ", counted " + transferred
                + ", handed back " + remainder.remaining() + (done ? ", done" : "");
    }

    /** Plays it; throws what is wrong. */
    void play() throws Exception {
        try (ends) {
            Transfer.Builder builder = ends.to(to, ends.from(from));
            if (wished != null) {
                boolean never = random.nextInt(4) == 0 && doing != Doing.INTERRUPT;
                builder.use(wished, never ? Preference.NEVER : Preference.AUTO);
            }
            if (doing == Doing.TIMEOUT) {
                builder.timeout(Duration.ofNanos(1 + random.nextInt(500_000)));
            }
            if (doing == Doing.RESET && to == End.TCP) {
                ends.resetAfter(1 + random.nextInt(size));
            }
            builder.fairChunk(1 + random.nextInt(100_000));
            Transfer transfer = builder.build();
            if (doing == Doing.SESSION || doing == Doing.CANCEL) {
                advance(transfer);
            } else {
                disturbed(transfer);
            }
            judge();
        }
    }

    private void advance(Transfer transfer) throws IOException {
        ends.nonBlocking();
        int steps = doing == Doing.CANCEL ? random.nextInt(20) : Integer.MAX_VALUE;
        TransferSession session = transfer.open();
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
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
    }

    private void disturbed(Transfer transfer) throws Exception {
        Thread runner = Thread.currentThread();
        Future<?> disturber = disturber(runner);
        try {
            transferred = (int) transfer.run().bytes();
            done = true;
        } catch (IOException e) {
            if (doing == Doing.NOTHING) {
                throw e;
            }
            inTheJdk = e instanceof TransferClosedByInterruptException;
            MAY_BE_MAPPED.addAndGet(inTheJdk && from == End.FILE ? size : 0);
            if (e instanceof TransferFailure failure) {
                transferred = (int) failure.transferred();
                remainder = failure.remainder();
            }
        } finally {
            if (disturber != null) {
                joined(disturber);
            }
            Thread.interrupted();
        }
    }

    /** Waits although it may be interrupted meanwhile, by whom it waits for. */
    private static void joined(Future<?> future) throws Exception {
        while (true) {
            try {
                future.get(30, TimeUnit.SECONDS);
                return;
            } catch (InterruptedException e) {
                Thread.interrupted();
            }
        }
    }

    private Future<?> disturber(Thread runner) {
        long after = random.nextInt(1_000_000);
        Channel victim =
                doing == Doing.CLOSE_SOURCE ? ends.source() : doing == Doing.CLOSE_TARGET ? ends.target() : null;
        if (victim == null && doing != Doing.INTERRUPT) {
            return null;
        }
        return peers.submit((Callable<Void>) () -> {
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
        if (done && transferred != size) {
            throw new AssertionError("done with less");
        }
        byte[] handedBack = new byte[remainder.remaining()];
        remainder.duplicate().get(handedBack);
        if (!Arrays.equals(handedBack, ends.expected(transferred, handedBack.length))) {
            throw new AssertionError("what was handed back is not what comes behind what was counted");
        }
        boolean lossless = doing != Doing.RESET || to != End.TCP;
        int arrived = ends.arrived();
        if (inTheJdk ? arrived < transferred : lossless ? arrived != transferred : arrived > transferred) {
            throw new AssertionError(arrived + " bytes arrived");
        }
        if (inTheJdk) {
            return;
        }
        int fromMemory = ends.takenFromMemory();
        if (fromMemory >= 0 && fromMemory != transferred + handedBack.length) {
            throw new AssertionError("the buffer stands at " + fromMemory);
        }
        boolean stream = from != End.FILE && from != End.MEMORY;
        if (stream && ends.source().isOpen()) {
            int rest = ends.rest(transferred + handedBack.length);
            if (transferred + handedBack.length + rest != size) {
                throw new AssertionError(rest + " bytes were left in the source");
            }
        }
    }
}
