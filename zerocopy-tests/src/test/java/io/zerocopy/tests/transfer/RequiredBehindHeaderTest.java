package io.zerocopy.tests.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Part;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferException;
import io.zerocopy.TransferFailure;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every mechanism is required for every pair, behind a header: the transfer is done, or it is refused and no byte has
 * moved. Where only the first call can tell, the header has gone out, and the exception says so.
 */
class RequiredBehindHeaderTest {
    private static final int SIZE = 4096;
    private static final int HEADER = 3;

    /** Sources, each with {@link #SIZE} bytes or more. */
    private enum From {
        PATH {
            @Override
            Transfer.Builder open(TestFixture fixture) throws IOException {
                return Transfers.from(fixture.file(SIZE));
            }
        },
        FILE_CHANNEL {
            @Override
            Transfer.Builder open(TestFixture fixture) throws IOException {
                return Transfers.from(fixture.keep(FileChannel.open(fixture.file(SIZE))));
            }
        },
        LAST_PART {
            @Override
            Transfer.Builder open(TestFixture fixture) throws IOException {
                return Transfers.concat(Part.of(fixture.file(SIZE), 0, 1), Part.of(fixture.file(SIZE), 0, SIZE - 1));
            }
        },
        VIRTUAL_FILE {
            @Override
            Transfer.Builder open(TestFixture fixture) {
                return Transfers.from(Path.of("/proc/self/smaps")).count(SIZE);
            }
        },
        DEVICE {
            @Override
            Transfer.Builder open(TestFixture fixture) throws IOException {
                return Transfers.from(fixture.keep(FileChannel.open(Path.of("/dev/zero"))))
                        .count(SIZE);
            }
        },
        EMPTY_DEVICE {
            @Override
            Transfer.Builder open(TestFixture fixture) throws IOException {
                return Transfers.from(fixture.keep(FileChannel.open(Path.of("/dev/null"))));
            }

            @Override
            int size() {
                return 0;
            }
        },
        SOCKET {
            @Override
            Transfer.Builder open(TestFixture fixture) throws IOException {
                SocketChannel[] pair = fixture.tcp();
                pair[1].write(ByteBuffer.allocate(SIZE));
                return Transfers.from(pair[0]).count(SIZE);
            }
        },
        PIPE {
            @Override
            Transfer.Builder open(TestFixture fixture) throws IOException {
                Pipe pipe = fixture.pipe();
                pipe.sink().write(ByteBuffer.allocate(SIZE));
                return Transfers.from(pipe.source()).count(SIZE);
            }
        },
        MEMORY {
            @Override
            Transfer.Builder open(TestFixture fixture) {
                return Transfers.from(ByteBuffer.allocateDirect(SIZE));
            }
        },
        STREAM {
            @Override
            Transfer.Builder open(TestFixture fixture) {
                return Transfers.from(new ByteArrayInputStream(new byte[SIZE]));
            }
        };

        abstract Transfer.Builder open(TestFixture fixture) throws IOException;

        int size() {
            return SIZE;
        }
    }

    /** Targets that show how many bytes have arrived. */
    private enum To {
        SOCKET {
            @Override
            Counted open(TestFixture fixture) throws IOException {
                SocketChannel[] pair = fixture.tcp();
                return new Counted(pair[0], () -> {
                    pair[0].shutdownOutput();
                    return pair[1].socket().getInputStream().readAllBytes().length;
                });
            }
        },
        PIPE {
            @Override
            Counted open(TestFixture fixture) throws IOException {
                Pipe pipe = fixture.pipe();
                return new Counted(pipe.sink(), () -> {
                    pipe.source().configureBlocking(false);
                    ByteBuffer read = ByteBuffer.allocate(2 * SIZE);
                    while (pipe.source().read(read) > 0) {
                        assertThat(read.hasRemaining()).isTrue();
                    }
                    return read.position();
                });
            }
        },
        DEVICE {
            @Override
            Counted open(TestFixture fixture) throws IOException {
                return new Counted(
                        fixture.keep(FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE)), () -> -1L);
            }
        },
        FILE_CHANNEL {
            @Override
            Counted open(TestFixture fixture) throws IOException {
                Path file = Files.createFile(fixture.path("target"));
                return new Counted(
                        fixture.keep(FileChannel.open(file, StandardOpenOption.WRITE)), () -> Files.size(file));
            }
        };

        abstract Counted open(TestFixture fixture) throws IOException;
    }

    /** Counts bytes. */
    private interface Arrived {
        long count() throws IOException;
    }

    private record Counted(WritableByteChannel channel, Arrived arrived) {}

    /** Only the first call can tell: a trial could take bytes of a device, which cannot be put back. */
    private static final Set<Mechanism> TRIES_NO_DEVICE = EnumSet.of(Mechanism.SENDFILE, Mechanism.SPLICE);

    static Stream<Arguments> cases() {
        return Stream.of(Mechanism.values())
                .flatMap(mechanism -> Stream.of(From.values())
                        .flatMap(from -> Stream.of(To.values()).map(to -> Arguments.of(mechanism, from, to))));
    }

    @ParameterizedTest(name = "{0}: {1} to {2}")
    @MethodSource("cases")
    void isDoneOrRefusedBeforeTheHeaderMoves(Mechanism mechanism, From from, To to) throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            Counted target = to.open(fixture);
            Transfer transfer = from.open(fixture)
                    .to(target.channel())
                    .header(ByteBuffer.allocate(HEADER))
                    .use(mechanism, Preference.REQUIRE)
                    .timeout(Duration.ofSeconds(TestFixture.DEADLINE_SECONDS))
                    .build();
            TransferResult[] result = {null};
            Throwable thrown = catchThrowable(() -> result[0] = transfer.run());
            long arrived = target.arrived().count();
            if (thrown == null) {
                assertThat(result[0].bytes()).isEqualTo(HEADER + from.size());
                assertThat(arrived).isIn(HEADER + (long) from.size(), -1L);
            } else if (from == From.EMPTY_DEVICE && TRIES_NO_DEVICE.contains(mechanism)) {
                assertThat(thrown)
                        .isInstanceOf(TransferException.class)
                        .hasCauseInstanceOf(MechanismUnavailableException.class);
                assertThat(((TransferFailure) thrown).transferred()).isEqualTo(HEADER);
                assertThat(arrived).isIn((long) HEADER, -1L);
            } else {
                assertThat(thrown).isInstanceOf(MechanismUnavailableException.class);
                assertThat(arrived).isIn(0L, -1L);
            }
        }
    }
}
