package io.zerocopy.tests.contract;

import io.zerocopy.Mechanism;
import io.zerocopy.nio.NioProvider;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Reads and writes like {@code READ_WRITE}, but with one side effect. */
final class SideEffectStrategy implements Strategy {
    /** The side effect. */
    enum Fault {
        NONE,
        LEAVES_A_THREAD,
        LEAVES_A_PIPE,
        LEAVES_A_DESCRIPTOR,
        LEAVES_A_FILE_MAPPED,
        LEAVES_A_TEMPORARY_FILE,
        LEAVES_THE_SOURCE_BLOCKING,
        MOVES_THE_SOURCES_POSITION,
        MOVES_THE_TARGETS_POSITION,
        CLOSES_ITS_SOURCE_WHEN_IT_FAILS,
        CLOSES_ITS_TARGET_WHEN_IT_FAILS,
        SWALLOWS_INTERRUPTS,
        CUTS_OFF_THE_TARGET,
        ROUNDS_UP_IN_THE_TARGET,
        FILLS_THE_GAP,
        SPOILS_WHAT_LIES_BEYOND_4_GIB,
        WRITES_MORE_WHERE_IT_APPENDS,
        COUNTS_IN_INTS,
        KEEPS_TO_ITS_THREAD,
        REUSES_WHAT_IT_HANDS_BACK,
        TAKES_MORE_THAN_A_STEP_IS_FOR,
        FORGETS_WHAT_IT_TOOK_WHEN_INTERRUPTED,
        HANDS_BACK_ITS_BUFFER_WHEN_IT_FAILS,
        WRITES_TO_THE_CALLERS_BUFFERS
    }

    private final Fault fault;
    private final Path directory;
    private final Strategy plain = new NioProvider()
            .strategies().stream()
                    .filter(strategy -> strategy.mechanism() == Mechanism.READ_WRITE)
                    .findFirst()
                    .orElseThrow();
    private final Collection<AutoCloseable> leftOpen = new ConcurrentLinkedQueue<>();
    private final byte[] shared = new byte[1 << 20];

    /**
     * Creates a strategy.
     *
     * @param directory the directory of the test's files
     */
    SideEffectStrategy(Fault fault, Path directory) {
        this.fault = fault;
        this.directory = directory;
    }

    @Override
    public Mechanism mechanism() {
        return Mechanism.READ_WRITE;
    }

    @Override
    public String refusal(EndpointFacts source, EndpointFacts target, TransferRequest request) {
        return plain.refusal(source, target, request);
    }

    @Override
    public Mover open(Source source, Target target, TransferRequest request) throws IOException {
        Arrays.fill(shared, (byte) 0);
        return fault == Fault.TAKES_MORE_THAN_A_STEP_IS_FOR
                ? new Greedy(source, target, request.count())
                : new Wrapping(source, target, plain.open(source, target, request));
    }

    /** Ends the threads and closes the descriptors that its movers have left. */
    void cleanUp() throws Exception {
        for (AutoCloseable each : leftOpen) {
            each.close();
        }
    }

    private final class Wrapping implements Mover {
        private final Source source;
        private final Target target;
        private final Mover mover;
        private final Thread opener = Thread.currentThread();
        private boolean forgetful;
        private boolean failed;

        Wrapping(Source source, Target target, Mover mover) throws IOException {
            this.source = source;
            this.target = target;
            this.mover = mover;
            opened();
        }

        private void opened() throws IOException {
            switch (fault) {
                case LEAVES_A_THREAD -> {
                    Thread thread = new Thread(LockSupport::park, "left behind");
                    thread.setDaemon(true);
                    thread.start();
                    leftOpen.add(() -> LockSupport.unpark(thread));
                }
                case LEAVES_A_PIPE -> {
                    Pipe pipe = Pipe.open();
                    leftOpen.add(pipe.source());
                    leftOpen.add(pipe.sink());
                }
                case LEAVES_A_DESCRIPTOR -> leftOpen.add(FileChannel.open(Path.of("/dev/null")));
                case LEAVES_A_FILE_MAPPED -> {
                    FileChannel file = (FileChannel) source.channel();
                    leftOpen.add(file.map(FileChannel.MapMode.READ_ONLY, 0, 4096)::load);
                }
                case LEAVES_A_TEMPORARY_FILE -> {
                    try (var rigs = Files.list(directory)) {
                        Files.createTempFile(rigs.findFirst().orElseThrow(), "temporary", "");
                    }
                }
                default -> {}
            }
        }

        @Override
        public long step(long sourcePosition, long targetPosition, long count) throws IOException {
            if (fault == Fault.KEEPS_TO_ITS_THREAD && Thread.currentThread() != opener) {
                throw new IllegalStateException("another thread");
            }
            if (fault == Fault.SWALLOWS_INTERRUPTS) {
                Thread.interrupted();
            }
            if (fault == Fault.FILLS_THE_GAP && target.size() < targetPosition) {
                write(targetPosition - 10);
            }
            forgetful |= fault == Fault.FORGETS_WHAT_IT_TOOK_WHEN_INTERRUPTED
                    && Thread.currentThread().isInterrupted();
            try {
                long n =
                        mover.step(sourcePosition, targetPosition, fault == Fault.COUNTS_IN_INTS ? (int) count : count);
                moved(targetPosition, n);
                return n;
            } catch (IOException e) {
                failed = true;
                if (fault == Fault.CLOSES_ITS_SOURCE_WHEN_IT_FAILS) {
                    source.channel().close();
                } else if (fault == Fault.CLOSES_ITS_TARGET_WHEN_IT_FAILS) {
                    target.channel().close();
                }
                throw e;
            }
        }

        private void moved(long targetPosition, long n) throws IOException {
            switch (fault) {
                case MOVES_THE_SOURCES_POSITION -> ((FileChannel) source.channel()).position(0);
                case MOVES_THE_TARGETS_POSITION -> ((FileChannel) target.channel()).position(targetPosition + n);
                case CUTS_OFF_THE_TARGET -> cutOff(targetPosition + n);
                case ROUNDS_UP_IN_THE_TARGET -> write(targetPosition + Math.max(0, n));
                case SPOILS_WHAT_LIES_BEYOND_4_GIB -> {
                    if (targetPosition > 1L << 32) {
                        write(targetPosition);
                    }
                }
                case WRITES_MORE_WHERE_IT_APPENDS -> write(0);
                default -> {}
            }
        }

        private void cutOff(long size) throws IOException {
            FileChannel file = (FileChannel) target.channel();
            long own = file.position();
            file.truncate(size).position(own);
        }

        private void write(long position) throws IOException {
            ((FileChannel) target.channel()).write(ByteBuffer.wrap(new byte[] {1}), position);
        }

        @Override
        public ByteBuffer residue() throws IOException {
            ByteBuffer residue = mover.residue();
            if (forgetful) {
                return ByteBuffer.allocate(0);
            }
            if (failed && fault == Fault.HANDS_BACK_ITS_BUFFER_WHEN_IT_FAILS) {
                return ByteBuffer.allocate(1);
            }
            if (fault != Fault.REUSES_WHAT_IT_HANDS_BACK) {
                return residue;
            }
            int n = residue.remaining();
            residue.get(shared, 0, n);
            return ByteBuffer.wrap(shared, 0, n);
        }

        @Override
        public void close() {
            mover.close();
            try {
                Channel channel = source.channel();
                if (fault == Fault.LEAVES_THE_SOURCE_BLOCKING && channel.isOpen()) {
                    ((SocketChannel) channel).configureBlocking(true);
                } else if (fault == Fault.WRITES_TO_THE_CALLERS_BUFFERS) {
                    source.buffers()[0].put(0, (byte) 0);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A mover that takes all available bytes, up to the count of the whole transfer. */
    private static final class Greedy implements Mover {
        private final Source source;
        private final Target target;
        private final ByteBuffer held = ByteBuffer.allocate(50_000).flip();
        private long wanted;

        Greedy(Source source, Target target, long wanted) {
            this.source = source;
            this.target = target;
            this.wanted = wanted;
        }

        @Override
        public long step(long sourcePosition, long targetPosition, long count) throws IOException {
            if (!held.hasRemaining()) {
                held.clear().limit((int) Math.min(held.capacity(), wanted));
                long n = source.read(held, sourcePosition);
                held.flip();
                if (n < 0) {
                    return n;
                }
                wanted -= n;
            }
            int limit = held.limit();
            held.limit((int) Math.min(limit, held.position() + count));
            long n = target.write(held, targetPosition);
            held.limit(limit);
            return n;
        }

        @Override
        public ByteBuffer residue() {
            return held;
        }

        @Override
        public void close() {
            // holds nothing
        }
    }
}
