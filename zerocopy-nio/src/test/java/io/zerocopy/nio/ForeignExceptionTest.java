package io.zerocopy.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferAccount;
import io.zerocopy.TransferException;
import io.zerocopy.TransferFailure;
import io.zerocopy.TransferFailure.Side;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.nio.Throwers.Bare;
import io.zerocopy.nio.Throwers.ClientAbort;
import io.zerocopy.nio.Throwers.Mute;
import io.zerocopy.nio.Throwers.Source;
import io.zerocopy.nio.Throwers.SourceStream;
import io.zerocopy.nio.Throwers.Target;
import io.zerocopy.nio.Throwers.TargetStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * If a foreign stream or channel throws, the transfer throws the same object, of any class, from either end and by
 * every way to run it. The account is among its suppressed exceptions.
 */
class ForeignExceptionTest {
    private static final int SIZE = 50_000;

    @TempDir
    Path folder;

    static final List<Supplier<Throwable>> THROWN = List.of(
            ClientAbort::new,
            () -> new IOException("theirs"),
            () -> new IOException("lock wait", new InterruptedByTimeoutException()),
            ClosedChannelException::new,
            AsynchronousCloseException::new,
            ClosedByInterruptException::new,
            () -> new IllegalStateException("413"),
            () -> new InternalError("not a mapping's"),
            () -> new InterruptedException("not declared"),
            () -> new TransferException("of another transfer", null, 7, ByteBuffer.allocate(3), null, Side.UNKNOWN),
            Mute::new);

    /** A way to run a transfer; it throws what the transfer throws. */
    interface Way {
        void run(Transfer transfer) throws IOException;
    }

    private static void bySession(Transfer transfer) throws IOException {
        try (TransferSession session = transfer.open()) {
            Throwable first = catchThrowable(() -> {
                while (session.advance() != TransferSession.Status.DONE) {
                    continue;
                }
            });
            assertThat(catchThrowable(session::advance)).isSameAs(first);
            if (TransferFailure.of(first).isPresent()) {
                assertThat(session.transferred())
                        .isEqualTo(TransferFailure.of(first).get().transferred());
                assertThat(session.remainder())
                        .isEqualTo(TransferFailure.of(first).get().remainder());
            }
            Throwers.<IOException>sneak(first);
        }
    }

    static Stream<Arguments> targets() {
        return Stream.of("stream", "channel")
                .flatMap(target -> Stream.of("bytes", "file", "file by TRANSFER_TO", "memory")
                        .filter(source -> target.equals("channel") || !source.endsWith("TRANSFER_TO"))
                        .flatMap(source -> Stream.of("run", "session").map(way -> Arguments.of(target, source, way))));
    }

    private Transfer.Builder from(String source) throws IOException {
        byte[] data = new byte[SIZE];
        Arrays.fill(data, (byte) 7);
        if (source.equals("bytes")) {
            return Transfers.from(new ByteArrayInputStream(data));
        }
        if (source.equals("memory")) {
            return Transfers.from(ByteBuffer.wrap(data));
        }
        Transfer.Builder builder = Transfers.from(Files.write(folder.resolve("source"), data));
        int by = source.indexOf(" by ");
        return by < 0 ? builder : builder.use(Mechanism.valueOf(source.substring(by + 4)), Preference.REQUIRE);
    }

    @ParameterizedTest
    @MethodSource("targets")
    void ofATargetIsTheSameObjectWithTheAccount(String target, String source, String way) throws IOException {
        for (Supplier<Throwable> made : THROWN) {
            Throwable thrown = made.get();
            Transfer.Builder builder = from(source);
            boolean stream = target.equals("stream");
            Transfer transfer = stream
                    ? builder.to(new TargetStream(thrown)).build()
                    : builder.to(new Target(thrown)).build();
            Way how = way.equals("run") ? Transfer::run : ForeignExceptionTest::bySession;
            TransferFailure account = account(thrown, catchThrowable(() -> how.run(transfer)));
            assertThat(account.side()).isEqualTo(Side.TARGET);
            assertThat(account.transferred()).isEqualTo(target.equals("stream") ? 0 : Throwers.BEFORE);
            if (source.equals("bytes")) {
                assertThat(account.transferred() + account.remainder().remaining())
                        .isPositive();
                assertThat(account.remainder().remaining()).isPositive();
            }
            assertThat(account.mechanism()).isPresent();
            assertThat(((Throwable) account).getMessage())
                    .startsWith("ended after " + account.transferred() + " bytes, to "
                            + (stream ? TargetStream.class : Target.class).getName());
            if (target.equals("stream")) {
                assertThat(((Throwable) account)).hasMessageContaining("does not tell how many of its last ");
            }
        }
    }

    private static TransferFailure account(Throwable thrown, Throwable got) {
        if (got != thrown) {
            throw new AssertionError("not the same object", got);
        }
        assertThat(thrown.getSuppressed()).hasAtLeastOneElementOfType(TransferFailure.class);
        TransferFailure account = TransferFailure.of(thrown).orElseThrow();
        assertThat(account).isSameAs(thrown.getSuppressed()[0]).isInstanceOf(TransferAccount.class);
        assertThat(TransferFailure.of(new CompletionException("around", thrown)))
                .containsSame(account);
        return account;
    }

    static Stream<Arguments> sources() {
        return Stream.of("stream", "channel")
                .flatMap(source -> Stream.of("bytes", "file", "file by TRANSFER_FROM", "foreign")
                        .flatMap(target -> Stream.of("run", "session").map(way -> Arguments.of(source, target, way))));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void ofASourceIsTheSameObjectWithTheAccount(String source, String target, String way) throws IOException {
        for (Supplier<Throwable> made : THROWN) {
            Throwable thrown = made.get();
            boolean stream = source.equals("stream");
            Transfer.Builder builder =
                    stream ? Transfers.from(new SourceStream(thrown)) : Transfers.from(new Source(thrown));
            if (target.equals("bytes")) {
                builder.to(new ByteArrayOutputStream());
            } else if (target.equals("foreign")) {
                builder.to(new Liars().target(Liars.Lie.MORE, -1, 0));
            } else {
                builder.to(folder.resolve("target"));
            }
            if (target.endsWith("TRANSFER_FROM")) {
                builder.use(Mechanism.TRANSFER_FROM, Preference.REQUIRE);
            }
            Transfer transfer = builder.build();
            Way how = way.equals("run") ? Transfer::run : ForeignExceptionTest::bySession;
            TransferFailure account = account(thrown, catchThrowable(() -> how.run(transfer)));
            assertThat(account.side()).isEqualTo(Side.SOURCE);
            assertThat(account.transferred() + account.remainder().remaining()).isEqualTo(Throwers.BEFORE);
            assertThat(((Throwable) account))
                    .hasMessage("ended after " + account.transferred() + " bytes, from "
                            + (stream ? SourceStream.class : Source.class).getName());
        }
    }

    @Test
    void isTheSameObjectFromACopyToo() throws IOException {
        ClientAbort thrown = new ClientAbort();
        Path file = Files.write(folder.resolve("file"), new byte[SIZE]);
        InputStream bytes = new ByteArrayInputStream(new byte[SIZE]);
        assertThat(catchThrowable(() -> Transfers.copy(bytes, new TargetStream(thrown))))
                .isSameAs(thrown);
        assertThat(catchThrowable(() -> Transfers.copy(file, new Target(thrown))))
                .isSameAs(thrown);
        assertThat(catchThrowable(() -> Transfers.copy(new Source(thrown), folder.resolve("t"))))
                .isSameAs(thrown);
    }

    /** If a server throws one object for every client, that object must not keep every client's bytes. */
    @Test
    void oneObjectThatIsThrownAgainAndAgainCarriesTheLastAccount() throws Exception {
        IOException cached = new IOException("cached");
        for (int i = 1; i <= 100; i++) {
            byte[] bytes = new byte[Throwers.BEFORE + i];
            Transfer transfer = Transfers.from(new ByteArrayInputStream(bytes))
                    .to(new Target(cached))
                    .build();
            assertThat(catchThrowable(transfer::run)).isSameAs(cached);
            assertThat(cached.getSuppressed()).hasSizeLessThan(20);
            TransferFailure account = TransferFailure.of(cached).orElseThrow();
            assertThat(account.transferred()).isEqualTo(Throwers.BEFORE);
            assertThat(account.remainder().remaining()).isEqualTo(i);
        }
        FutureTask<Boolean> elsewhere =
                new FutureTask<>(() -> TransferFailure.of(cached).isPresent());
        new Thread(elsewhere).start();
        assertThat(elsewhere.get(Deadline.SECONDS, TimeUnit.SECONDS))
                .as("the account of another thread's transfer is nobody else's")
                .isFalse();
    }

    @Test
    void whatKeepsNothingSuppressedIsTheSameObjectAndASessionHasTheAccount() throws IOException {
        Bare bare = new Bare();
        try (TransferSession session = Transfers.from(new ByteArrayInputStream(new byte[SIZE]))
                .to(new Target(bare))
                .build()
                .open()) {
            Throwable thrown = catchThrowable(() -> {
                while (session.advance() != TransferSession.Status.DONE) {
                    continue;
                }
            });
            assertThat(thrown).isSameAs(bare);
            assertThat(TransferFailure.of(thrown)).isEmpty();
            assertThat(session.transferred()).isEqualTo(Throwers.BEFORE);
            assertThat(session.remainder().remaining()).isPositive();
        }
    }

    /**
     * A stream that runs transfers itself throws what one of them has thrown; the outer account is of the outer
     * transfer.
     */
    @Test
    void theAccountOfATransferInsideAStreamIsNotTaken() {
        IOException inner = new IOException("deep inside");
        OutputStream copies = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("not by single bytes");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                Transfers.from(ByteBuffer.wrap(bytes, offset, length))
                        .to(new Target(inner))
                        .build()
                        .run();
            }
        };
        Transfer outer = Transfers.from(new ByteArrayInputStream(new byte[SIZE]))
                .to(copies)
                .build();
        assertThat(catchThrowable(outer::run)).isSameAs(inner);
        assertThat(TransferFailure.of(inner).orElseThrow().transferred()).isZero();
        assertThat(inner.getSuppressed()).hasSize(1);
    }

    @Test
    void causesThatLeadInACircleAreLookedAtOnce() {
        IOException one = new IOException("one");
        one.initCause(new IOException("two", one));
        assertThat(TransferFailure.of(one)).isEmpty();
    }
}
