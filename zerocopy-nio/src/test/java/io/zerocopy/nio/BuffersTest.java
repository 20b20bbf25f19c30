package io.zerocopy.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Transfers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.ExpandableDirectByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BuffersTest {
    static Stream<MutableDirectBuffer> everyKind() {
        ByteBuffer direct = ByteBuffer.allocateDirect(200).position(30);
        ByteBuffer heap = ByteBuffer.allocate(200).position(17);
        return Stream.of(
                new UnsafeBuffer(new byte[100]),
                new UnsafeBuffer(new byte[200], 50, 100),
                new UnsafeBuffer(ByteBuffer.allocateDirect(100)),
                new UnsafeBuffer(direct, 60, 100),
                new UnsafeBuffer(direct.slice(), 7, 100),
                new UnsafeBuffer(heap, 60, 100),
                new UnsafeBuffer(heap.slice(), 7, 100),
                new UnsafeBuffer(new UnsafeBuffer(direct, 20, 150), 9, 100),
                new UnsafeBuffer(new UnsafeBuffer(new byte[150], 20, 120), 9, 100),
                new ExpandableArrayBuffer(100),
                new ExpandableDirectByteBuffer(100));
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void theRegionIsTheSameMemory(MutableDirectBuffer buffer) throws IOException {
        for (int i = 0; i < 100; i++) {
            buffer.putByte(i, (byte) i);
        }
        ByteBuffer region = Buffers.of(buffer, 10, 80);
        assertThat(region.position()).isZero();
        assertThat(region.limit()).isEqualTo(80).isEqualTo(region.capacity());
        assertThat(region.order()).isEqualTo(ByteOrder.nativeOrder());
        for (int i = 0; i < 80; i++) {
            assertThat(region.get(i)).isEqualTo((byte) (i + 10));
        }
        buffer.putByte(15, (byte) -1);
        assertThat(region.get(5)).isEqualTo((byte) -1);
        region.put(6, (byte) -2);
        assertThat(buffer.getByte(16)).isEqualTo((byte) -2);

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Transfers.from(region, Buffers.of(buffer, 0, 1)).to(out).build().run();
        byte[] expected = new byte[81];
        buffer.getBytes(10, expected, 0, 80);
        assertThat(out.toByteArray()).isEqualTo(expected);
        assertThat(region.hasRemaining()).isFalse();
    }

    @Test
    void rangesOutsideOfTheBufferAreRefused() {
        DirectBuffer buffer = new UnsafeBuffer(new byte[100], 50, 20);
        assertThatThrownBy(() -> Buffers.of(buffer, 10, 11)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Buffers.of(buffer, -1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Buffers.of(null)).isInstanceOf(NullPointerException.class);
        assertThat(Buffers.of(buffer).remaining()).isEqualTo(20);
    }

    @Test
    void aBareAddressIsRefused() {
        ByteBuffer memory = ByteBuffer.allocateDirect(100);
        DirectBuffer bare = new UnsafeBuffer(new UnsafeBuffer(memory).addressOffset(), 100);
        assertThatThrownBy(() -> Buffers.of(bare, 0, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bare address");
        assertThat(memory.capacity()).isEqualTo(100); // still there
    }
}
