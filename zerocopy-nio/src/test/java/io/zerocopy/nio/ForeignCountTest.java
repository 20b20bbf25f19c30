package io.zerocopy.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferFailure;
import io.zerocopy.Transfers;
import io.zerocopy.nio.Liars.Lie;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The position of the buffer that a foreign end gets says how many bytes have moved, even if that end returns another
 * number, or throws. An answer that contradicts the position is a failure, in the last call too. No byte is lost,
 * repeated, or missing from the account.
 */
class ForeignCountTest {
    private static final int SIZE = 5000;
    private static final byte[] DATA = new byte[SIZE];

    static {
        new Random(7).nextBytes(DATA);
    }

    @TempDir
    Path folder;

    private final Liars liars = new Liars();

    /** The first call, one in the middle, and the last; a limit cannot be made shorter if everything is moved. */
    private static int[] calls(Lie lie) {
        return lie == Lie.SHORTER_LIMIT ? new int[] {1} : new int[] {0, 1, 4};
    }

    static Stream<Arguments> targets() {
        List<Arguments> all = new ArrayList<>();
        for (Lie lie : Lie.values()) {
            for (String source : new String[] {"file", "file by transferTo", "memory", "bytes", "pipe"}) {
                for (int inCall : calls(lie)) {
                    all.add(Arguments.of(lie, source, inCall));
                }
            }
        }
        return all.stream();
    }

    private Transfer.Builder from(String source) throws IOException {
        switch (source) {
            case "memory":
                return Transfers.from(ByteBuffer.wrap(DATA, 0, 100), ByteBuffer.wrap(DATA, 100, SIZE - 100));
            case "bytes":
                return Transfers.from(new ByteArrayInputStream(DATA));
            case "pipe":
                Pipe pipe = Pipe.open();
                pipe.sink().write(ByteBuffer.wrap(DATA));
                pipe.sink().close();
                return Transfers.from(pipe.source());
            default:
                return Transfers.from(Files.write(folder.resolve("file"), DATA));
        }
    }

    /** Returns the failure of a transfer; it is the foreign exception if the foreign end has thrown one. */
    private static TransferFailure failure(Transfer transfer, Lie lie) {
        Throwable thrown = catchThrowable(transfer::run);
        assertThat(thrown).as(lie.toString()).isNotNull();
        if (!lie.throwsSomething()) {
            assertThat(thrown).hasMessageContaining(" answered ").hasMessageContaining("position of its buffer");
        }
        return TransferFailure.of(thrown).orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void thePositionTellsWhatATargetTook(Lie lie, String source, int inCall) throws IOException {
        boolean memory = source.equals("memory");
        int call = memory && inCall == 4 ? 5 : inCall; // its first buffer needs its own call
        Transfer.Builder builder = from(source).to(liars.target(lie, call, 1000));
        if (source.endsWith("transferTo")) {
            builder.use(Mechanism.TRANSFER_TO, Preference.REQUIRE);
        }
        TransferFailure failure = failure(builder.build(), lie);
        assertThat(failure.transferred()).isEqualTo(liars.arrived().length);
        assertThat(liars.arrived()).isEqualTo(Arrays.copyOf(DATA, liars.arrived().length));
        if (source.equals("bytes") || source.equals("pipe")) {
            byte[] rest = new byte[failure.remainder().remaining()];
            failure.remainder().get(rest);
            assertThat(rest).isEqualTo(Arrays.copyOfRange(DATA, liars.arrived().length, SIZE));
        }
    }

    static Stream<Arguments> sources() {
        List<Arguments> all = new ArrayList<>();
        for (Lie lie : Lie.values()) {
            for (String target : new String[] {"file", "file by transferFrom", "bytes", "channel"}) {
                for (int inCall : calls(lie)) {
                    all.add(Arguments.of(lie, target, inCall));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("sources")
    void thePositionTellsWhatASourceGave(Lie lie, String target, int inCall) throws IOException {
        Path file = folder.resolve("target");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Transfer.Builder builder =
                Transfers.from(liars.source(DATA, lie, inCall, 1000)).count(SIZE);
        if (target.startsWith("file")) {
            builder.to(file);
        } else if (target.equals("bytes")) {
            builder.to(bytes);
        } else {
            builder.to(new Liars().target(Lie.MORE, -1, 0));
        }
        if (target.endsWith("transferFrom")) {
            builder.use(Mechanism.TRANSFER_FROM, Preference.REQUIRE);
        }
        TransferFailure failure = failure(builder.build(), lie);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(Arrays.copyOf(DATA, (int) failure.transferred()));
        byte[] rest = new byte[failure.remainder().remaining()];
        failure.remainder().get(rest);
        all.writeBytes(rest);
        assertThat(all.toByteArray()).isEqualTo(Arrays.copyOf(DATA, liars.taken()));
        if (target.startsWith("file") && failure.transferred() > 0) {
            assertThat(file).hasBinaryContent(Arrays.copyOf(DATA, (int) failure.transferred()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, -2, Integer.MIN_VALUE})
    void noByteOfAReadThatAStreamMiscountsCounts(int answer) {
        Transfer transfer = Transfers.from(liars.stream(DATA, answer))
                .to(new ByteArrayOutputStream())
                .build();
        assertThat(catchThrowable(transfer::run))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(".read answered ")
                .isInstanceOfSatisfying(TransferFailure.class, failure -> {
                    assertThat(failure.transferred() + failure.remainder().remaining())
                            .isEqualTo(liars.taken());
                });
    }

    @Test
    void theCountOfAFailedStreamIsReportedAsUncertain() {
        OutputStream stream = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("not by single bytes");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("theirs");
            }
        };
        Transfer transfer =
                Transfers.from(new ByteArrayInputStream(DATA)).to(stream).build();
        assertThat(catchThrowable(transfer::run)).hasMessage("theirs").satisfies(thrown -> {
            TransferFailure failure = TransferFailure.of(thrown).orElseThrow();
            assertThat(failure.transferred()).isZero();
            assertThat(failure.remainder()).isEqualTo(ByteBuffer.wrap(DATA));
            assertThat((Throwable) failure)
                    .hasMessageContaining("does not tell how many of its last 5000 bytes it took");
        });
    }
}
