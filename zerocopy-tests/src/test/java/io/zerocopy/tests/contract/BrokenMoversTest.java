package io.zerocopy.tests.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.nio.NioProvider;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import io.zerocopy.tests.fixture.Place;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract must detect every mover that breaks it. */
class BrokenMoversTest {
    private static final int TOTAL = 200_000;

    private enum Fault {
        NONE(""),
        ANSWERS_ZERO("is no count"),
        ANSWERS_A_CODE_OF_ITS_OWN("is no count"),
        COUNTS_TOO_MANY("at most"),
        COUNTS_WHAT_IT_HOLDS("arrive|is wrong|are left|bytes moved of"),
        COUNTS_LESS_THAN_IT_DELIVERED("has not delivered"),
        TAKES_TOO_MUCH("were wanted"),
        ENDS_EARLY("has not ended"),
        HOLDS_BACK("has not delivered|were wanted"),
        FREES_WHAT_IT_HANDS_BACK("handed back is wrong"),
        SHUTS_THE_TARGET("takes no other byte"),
        LEAVES_THE_TARGET_BLOCKING("has the flags"),
        KEEPS_WHAT_IT_TOOK("rest of the source is wrong"),
        HANDS_BACK_OTHER_BYTES("is wrong"),
        DECLINES_WITHOUT_A_WORD("does not say why");

        private final String found;

        Fault(String found) {
            this.found = found;
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void isDetected(Fault fault) {
        assertThatThrownBy(() -> {
                    for (long seed = 0; seed < 60; seed++) {
                        move(new Broken(fault), seed);
                    }
                })
                .isInstanceOf(AssertionError.class)
                .hasMessageMatching("(?s).*(" + fault.found + ").*");
    }

    private static void move(Strategy strategy, long seed) throws Exception {
        try (TestFixture fixture = new TestFixture();
                Steps steps = steps(fixture, strategy, seed)) {
            steps.begin().run(seed % 2 == 0 ? Integer.MAX_VALUE : (int) (10 + seed), TOTAL);
            steps.account(true);
        }
    }

    /** Two movers share a buffer. */
    @Test
    void aStrategyThatMixesUpItsMoversIsFoundOut() throws Exception {
        byTurns(new Broken(Fault.NONE));
        ByteBuffer shared = ByteBuffer.allocate(50_000).flip();
        Strategy mixing = new Broken(Fault.NONE) {
            @Override
            public Mover open(Source source, Target target, TransferRequest request) {
                return new BrokenMover(Fault.NONE, source, target, shared);
            }
        };
        assertThatThrownBy(() -> byTurns(mixing)).isInstanceOf(AssertionError.class);
    }

    private static void byTurns(Strategy strategy) throws Exception {
        try (TestFixture fixture = new TestFixture();
                Steps one = steps(fixture, strategy, 1);
                Steps other = steps(fixture, strategy, 2)) {
            Steps.byTurns(one.begin(), other.begin(), TOTAL);
            one.account(true);
            other.account(true);
        }
    }

    private static Steps steps(TestFixture fixture, Strategy strategy, long seed) throws Exception {
        SourceDriver feed = SourceDriver.open(fixture, SourceDriver.Of.PIPE, TOTAL, 0);
        TargetDriver drain = TargetDriver.open(fixture, TargetDriver.Of.UNIX, 0, Place.START);
        return new Steps(fixture, new NioProvider(), strategy, feed, drain, TOTAL / 2, seed);
    }

    /** The same mover without the fault. */
    @Test
    void theSameMoverWithoutAFaultPasses() throws Exception {
        for (long seed = 0; seed < 60; seed++) {
            move(new Broken(Fault.NONE), seed);
        }
    }

    /** Reads and writes through its own buffer, correctly except for one fault. */
    private static class Broken implements Strategy {
        private final Fault fault;

        Broken(Fault fault) {
            this.fault = fault;
        }

        @Override
        public Mechanism mechanism() {
            return Mechanism.READ_WRITE;
        }

        @Override
        public String refusal(EndpointFacts source, EndpointFacts target, TransferRequest request) {
            return null;
        }

        @Override
        public Mover open(Source source, Target target, TransferRequest request) {
            return new BrokenMover(
                    fault, source, target, ByteBuffer.allocate(50_000).flip());
        }
    }

    private static final class BrokenMover implements Mover {
        private final Fault fault;
        private final Source source;
        private final Target target;
        private final ByteBuffer held;
        private int steps;

        BrokenMover(Fault fault, Source source, Target target, ByteBuffer held) {
            this.fault = fault;
            this.source = source;
            this.target = target;
            this.held = held;
        }

        @Override
        public long step(long sourcePosition, long targetPosition, long count) throws IOException {
            long fault = ++steps > 8 ? instead(count) : 1;
            if (fault != 1) {
                return fault;
            }
            if (!held.hasRemaining()) {
                held.clear();
                if (this.fault != Fault.TAKES_TOO_MUCH) {
                    held.limit((int) Math.min(count, held.capacity()));
                }
                long n = source.read(held, 0);
                held.flip();
                if (n < 0) {
                    return n;
                }
            }
            if (this.fault == Fault.HOLDS_BACK && held.remaining() < 100) {
                long more = source.read(held.compact(), 0);
                held.flip();
                if (more < 0 && more != Step.END) {
                    return more;
                }
            }
            int limit = held.limit();
            held.limit((int) Math.min(limit, held.position() + count));
            long n = target.write(held, targetPosition);
            held.limit(limit);
            if (n > 1 && this.fault == Fault.COUNTS_LESS_THAN_IT_DELIVERED) {
                return n - 1;
            }
            return n > 0 && this.fault == Fault.COUNTS_WHAT_IT_HOLDS ? Math.min(count, n + held.remaining()) : n;
        }

        private long instead(long count) {
            return switch (fault) {
                case ANSWERS_ZERO -> 0;
                case ANSWERS_A_CODE_OF_ITS_OWN -> Step.AWAIT_RELEASE;
                case COUNTS_TOO_MANY -> count + 1;
                case ENDS_EARLY -> Step.END;
                case DECLINES_WITHOUT_A_WORD -> Step.DECLINED;
                default -> 1;
            };
        }

        @Override
        public ByteBuffer residue() {
            if (fault == Fault.KEEPS_WHAT_IT_TOOK) {
                return ByteBuffer.allocate(0);
            }
            return fault == Fault.HANDS_BACK_OTHER_BYTES ? ByteBuffer.allocate(held.remaining()) : held;
        }

        @Override
        public void close() {
            if (fault == Fault.FREES_WHAT_IT_HANDS_BACK) {
                Arrays.fill(held.array(), (byte) 0);
            } else if (fault == Fault.SHUTS_THE_TARGET || fault == Fault.LEAVES_THE_TARGET_BLOCKING) {
                try {
                    SocketChannel socket = (SocketChannel) target.channel();
                    if (fault == Fault.SHUTS_THE_TARGET) {
                        socket.shutdownOutput();
                    } else {
                        socket.configureBlocking(true);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
