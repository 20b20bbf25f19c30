package io.zerocopy.tests.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zerocopy.nio.FileTruncatedException;
import io.zerocopy.nio.MappedFile;
import io.zerocopy.nio.MappedFile.Access;
import io.zerocopy.spi.Advice;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files as memory: what is read, what is written, and what happens if the file is closed or truncated meanwhile. */
class MappedFileTest {
    private static final int SIZE = 1_000_003;
    private static final boolean GUARDED = Runtime.version().feature() >= 22;

    private TestFixture fixture;
    private Path file;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
        file = fixture.file(SIZE);
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static boolean isMapped(Path path) throws Exception {
        return Files.readString(Path.of("/proc/self/maps"))
                .contains(path.toRealPath().toString());
    }

    @ParameterizedTest
    @EnumSource(Access.class)
    void viewsAndWindowsShowTheFileUntilItIsClosed(Access access) throws Exception {
        byte[] expected = Content.PATTERN.bytes(0, SIZE);
        DirectBuffer view;
        try (MappedFile mapped = MappedFile.open(file, access)) {
            assertThat(mapped.size()).isEqualTo(SIZE);
            assertThat(mapped.access()).isEqualTo(access);
            view = mapped.view(0, SIZE);
            byte[] seen = new byte[SIZE];
            view.getBytes(0, seen);
            assertThat(seen).isEqualTo(expected);
            ByteBuffer bytes = ByteBuffer.wrap(expected).order(ByteOrder.nativeOrder());
            assertThat(view.getLong(77)).isEqualTo(bytes.getLong(77));
            assertThat(mapped.view(500_001, 8).getLong(0, ByteOrder.BIG_ENDIAN))
                    .isEqualTo(bytes.order(ByteOrder.BIG_ENDIAN).getLong(500_001));
            assertThat(isMapped(file)).isTrue();
        }
        assertThat(isMapped(file)).isFalse();
        DirectBuffer closed = view;
        assertThatThrownBy(() -> closed.getByte(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> closed.getBytes(0, new byte[10])).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aWindowIsAByteBufferAndOutlivesTheFileOnlyWhereTheJdkCannotTell() throws Exception {
        MappedFile mapped = MappedFile.open(file, Access.READ_ONLY);
        ByteBuffer window = mapped.window(1000, 5000);
        assertThat(window.isDirect() && window.isReadOnly()).isTrue();
        byte[] seen = new byte[5000];
        window.get(0, seen);
        assertThat(seen).isEqualTo(Content.PATTERN.bytes(1000, 5000));
        mapped.close();
        mapped.close();
        assertThat(mapped.isOpen()).isFalse();
        assertThatThrownBy(() -> mapped.window(0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> mapped.view(0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> mapped.advise(Advice.NORMAL, 0, 1)).isInstanceOf(IllegalStateException.class);
        assertThat(isMapped(file)).isEqualTo(!GUARDED);
        if (GUARDED) {
            assertThatThrownBy(() -> window.get(0)).isInstanceOf(IllegalStateException.class);
        } else {
            assertThat(window.get(0)).isEqualTo(seen[0]);
        }
    }

    @Test
    void whatIsWrittenIsInTheFileOrInThePrivateMappingAlone() throws Exception {
        try (MappedFile shared = MappedFile.open(file, Access.READ_WRITE);
                MappedFile own = MappedFile.open(file, Access.PRIVATE)) {
            own.mutableView(0, 100).putStringAscii(50, "mine");
            shared.mutableView(0, 100).putStringAscii(0, "ours");
            shared.force(0, 100);
            try (FileChannel channel = FileChannel.open(file)) {
                ByteBuffer bytes = ByteBuffer.allocate(100).order(ByteOrder.nativeOrder());
                channel.read(bytes, 0);
                assertThat(bytes.getInt(0)).isEqualTo(4);
                assertThat(new String(bytes.array(), 4, 4)).isEqualTo("ours");
                assertThat(bytes.get(58)).isEqualTo(Content.PATTERN.bytes(58, 1)[0]);
            }
            assertThat(own.view(0, 100).getStringAscii(50)).isEqualTo("mine");
            assertThat(own.advise(Advice.DONT_NEED, 0, SIZE)).isFalse(); // it would lose written bytes
            assertThat(own.view(0, 100).getStringAscii(50)).isEqualTo("mine");
            assertThat(shared.advise(Advice.DONT_NEED, 0, SIZE)).isTrue();
            assertThat(shared.view(0, 100).getStringAscii(0)).isEqualTo("ours");
        }
    }

    @Test
    void impossibleMappingsAreRefused() throws Exception {
        assertThatThrownBy(() -> MappedFile.open(fixture.path("absent"), Access.READ_WRITE))
                .isInstanceOf(NoSuchFileException.class);
        try (FileChannel in = FileChannel.open(file)) {
            assertThatThrownBy(() -> MappedFile.map(in, Access.PRIVATE, 0, 10))
                    .isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> MappedFile.map(in, Access.READ_ONLY, 0, SIZE + 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> MappedFile.map(in, Access.READ_ONLY, -1, 1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        try (MappedFile mapped = MappedFile.open(file, Access.READ_ONLY)) {
            assertThatThrownBy(() -> mapped.mutableView(0, 1)).isInstanceOf(ReadOnlyBufferException.class);
            assertThatThrownBy(() -> mapped.window(SIZE - 9, 10)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> mapped.window(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            DirectBuffer view = mapped.view(0, 10);
            assertThatThrownBy(() -> view.getLong(3)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> view.getByte(-1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(view::addressOffset).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> view.wrap(new byte[1])).isInstanceOf(UnsupportedOperationException.class);
            assertThat(mapped.window(SIZE, 0).capacity()).isZero();
        }
    }

    /** The file is sparse, so this uses only address space. */
    @ParameterizedTest
    @EnumSource(Access.class)
    void filesBeyondTwoGibibytesAreReachedEverywhere(Access access) throws Exception {
        Path large = fixture.path("large");
        long size = (5L << 30) + 4097;
        long[] marks = {0, (1L << 30) - 4, (2L << 30) - 4, (3L << 30) + 5, size - 8};
        try (RandomAccessFile out = new RandomAccessFile(large.toFile(), "rw")) {
            out.setLength(size);
            for (long mark : marks) {
                out.seek(mark);
                out.writeLong(mark + 1);
            }
        }
        try (MappedFile mapped = MappedFile.open(large, access)) {
            for (long mark : marks) {
                boolean crosses = mark >> 30 != (mark + 7) >> 30;
                if (crosses && access == Access.PRIVATE && !GUARDED) {
                    assertThatThrownBy(() -> mapped.view(mark, 8)).isInstanceOf(UnsupportedOperationException.class);
                    continue;
                }
                assertThat(mapped.view(mark, 8).getLong(0, ByteOrder.BIG_ENDIAN))
                        .isEqualTo(mark + 1);
                assertThat(mapped.window(mark, 8).order(ByteOrder.BIG_ENDIAN).getLong(0))
                        .isEqualTo(mark + 1);
            }
            if (access != Access.PRIVATE) {
                assertThat(mapped.view((1L << 30) - 1, 1 << 30).capacity()).isEqualTo(1 << 30);
            }
            assertThat(mapped.advise(Advice.SEQUENTIAL, 5, size - 5)).isTrue();
            mapped.force();
        }
    }

    @Test
    void aFileIsCreatedAsLongAsWanted() throws Exception {
        Path created = fixture.path("created");
        try (MappedFile mapped = MappedFile.create(created, 12_345)) {
            mapped.mutableView(12_337, 8).putLong(0, 42);
        }
        assertThat(Files.size(created)).isEqualTo(12_345);
        try (MappedFile again = MappedFile.create(created, 12_345)) {
            assertThat(again.view(12_337, 8).getLong(0)).isEqualTo(42);
        }
        try (MappedFile none = MappedFile.create(fixture.path("empty"), 0)) {
            assertThat(none.view(0, 0).capacity()).isZero();
        }
    }

    @Test
    void aFileTruncatedBeneathAViewSaysSo() throws Exception {
        try (MappedFile mapped = MappedFile.open(file, Access.READ_ONLY)) {
            DirectBuffer view = mapped.view(0, SIZE);
            assertThat(mapped.truncation()).isEmpty();
            try (FileChannel cut = FileChannel.open(file, StandardOpenOption.WRITE)) {
                cut.truncate(100_000);
            }
            Throwable thrown = catchThrowable(() -> view.getBytes(900_000, new byte[5000]));
            assertThat(thrown)
                    .isInstanceOf(FileTruncatedException.class)
                    .hasMessageContaining("100000 of " + SIZE + " bytes are left");
            assertThat(((FileTruncatedException) thrown).sizeNow()).isEqualTo(100_000);
            assertThat(mapped.truncation().orElseThrow().mappedSize()).isEqualTo(SIZE);
            byte[] left = new byte[100_000];
            view.getBytes(0, left);
            assertThat(left).isEqualTo(Content.PATTERN.bytes(0, 100_000));
        }
    }

    /** A write to a hole fails on a full disk in the same way as a read fails on a broken one. */
    @Test
    void aPageThatIsThereAndCannotBeAccessedNamesBothReasons() {
        assertThat(new FileTruncatedException(SIZE, SIZE, null))
                .hasMessageContaining("cannot be accessed")
                .hasMessageContaining("full where a hole was written");
    }

    /** The JVM throws late. This runs in its own process, because it could throw in any other code. */
    @Test
    void smallAccessesToWhatIsGoneEndInAnErrorAndNotInACrash() throws Exception {
        Child.Ended ended = new Child().run(Beneath.class, file.toString());
        assertThat(ended.code()).as(ended.output()).isBetween(0, 1); // for example, 134 would be a crash
        assertThat(ended.output())
                .containsAnyOf("100000 of " + SIZE + " bytes are left", "InternalError: a fault occurred");
    }

    /** Reads byte by byte from a file that it truncates. */
    static final class Beneath {
        private Beneath() {}

        public static void main(String[] args) throws Exception {
            Path path = Path.of(args[0]);
            MappedFile mapped = MappedFile.open(path, Access.READ_ONLY);
            DirectBuffer view = mapped.view(0, SIZE);
            long sum = 0;
            for (int i = 0; i < SIZE; i++) {
                sum += view.getByte(i); // until it is compiled
            }
            try (FileChannel cut = FileChannel.open(path, StandardOpenOption.WRITE)) {
                cut.truncate(100_000);
            }
            try {
                for (int round = 0; round < 1000; round++) {
                    for (int i = 0; i < SIZE; i++) {
                        sum += view.getByte(i);
                    }
                }
                System.out.println("nothing was noticed: " + sum);
            } catch (FileTruncatedException | InternalError e) {
                System.out.println(mapped.truncation().orElseThrow().getMessage());
            }
        }
    }

    /** The close happens at every place of the readers' accesses. */
    @Test
    void closingUnderReadersIsAnExceptionForEachOfThem() throws Exception {
        for (int round = 0; round < 200; round++) {
            MappedFile mapped = MappedFile.open(file, Access.READ_ONLY);
            DirectBuffer view = mapped.view(0, SIZE);
            AtomicBoolean reading = new AtomicBoolean();
            List<Future<Boolean>> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int seed = i;
                readers.add(fixture.peer(() -> {
                    try {
                        for (int at = seed; ; at = (at + 4099) % (SIZE - 8)) {
                            view.getLong(at);
                            reading.set(true);
                        }
                    } catch (IllegalStateException closed) {
                        return true;
                    }
                }));
            }
            TestFixture.until("somebody reads", reading::get);
            mapped.close();
            for (Future<Boolean> reader : readers) {
                assertThat(TestFixture.join(reader)).isTrue();
            }
        }
        assertThat(isMapped(file)).isFalse();
    }

    @Test
    void textAndNumbersAreThoseOfOtherAgronaBuffers() throws Exception {
        try (MappedFile mapped = MappedFile.open(file, Access.PRIVATE)) {
            MutableDirectBuffer ours = mapped.mutableView(0, 1000);
            MutableDirectBuffer theirs = new ExpandableArrayBuffer(1000);
            for (MutableDirectBuffer buffer : new MutableDirectBuffer[] {ours, theirs}) {
                buffer.setMemory(0, 1000, (byte) 1);
                int at = buffer.putStringUtf8(0, "grün");
                at += buffer.putStringAscii(at, "plain", ByteOrder.BIG_ENDIAN);
                at += buffer.putIntAscii(at, -1234);
                at += buffer.putNaturalLongAscii(at, 9_876_543_210L);
                at += buffer.putLongAscii(at, Long.MIN_VALUE);
                buffer.putNaturalPaddedIntAscii(at, 6, 42);
                at = buffer.putNaturalIntAsciiFromEnd(777, at + 20) + 3;
                at += buffer.putStringWithoutLengthAscii(at, "abcdef", 2, 3);
                buffer.putDouble(at, 1.5, ByteOrder.BIG_ENDIAN);
                buffer.putFloat(at + 8, 2.5f);
                buffer.putChar(at + 12, 'x');
                buffer.putShort(at + 14, (short) -2, ByteOrder.LITTLE_ENDIAN);
                buffer.putBytes(at + 16, buffer, 0, 40);
                assertThat(buffer.getStringUtf8(0)).isEqualTo("grün");
                assertThat(buffer.parseIntAscii(9 + 9, 5)).isEqualTo(-1234);
                assertThat(buffer.getDouble(at, ByteOrder.BIG_ENDIAN)).isEqualTo(1.5);
            }
            byte[] expected = new byte[1000];
            theirs.getBytes(0, expected);
            byte[] seen = new byte[1000];
            ours.getBytes(0, seen);
            assertThat(seen).isEqualTo(expected);
            MutableDirectBuffer copy = new ExpandableArrayBuffer(1000);
            ours.getBytes(0, copy, 0, 1000);
            assertThat(ours.compareTo(copy)).isEqualTo(0);
            ByteBuffer into = ByteBuffer.allocate(30);
            ours.getBytes(5, into, 20);
            assertThat(into.position()).isEqualTo(20);
        }
    }
}
