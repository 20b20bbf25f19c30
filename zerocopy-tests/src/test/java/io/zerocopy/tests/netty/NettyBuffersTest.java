package io.zerocopy.tests.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.zerocopy.Mechanism;
import io.zerocopy.Part;
import io.zerocopy.Preference;
import io.zerocopy.TransferException;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Buffers that Netty composes are sent by one transfer. */
class NettyBuffersTest {
    private TestFixture fixture;
    private SocketChannel[] pair;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
        pair = fixture.tcp();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private Future<byte[]> received(int size) {
        return fixture.peer(() -> Channels.newInputStream(pair[1]).readNBytes(size));
    }

    private static ByteBuf filled(ByteBuf buffer, byte[] bytes, int from, int count) {
        return buffer.writeBytes(bytes, from, count);
    }

    /** Creates slices, wrapped arrays, pooled and unpooled memory, and composites inside composites. */
    private static CompositeByteBuf composite(byte[] bytes, int components) {
        Random random = new Random(components);
        CompositeByteBuf all = PooledByteBufAllocator.DEFAULT.compositeBuffer(components);
        int share = bytes.length / components;
        for (int i = 0; i < components; i++) {
            int from = i * share;
            int count = i == components - 1 ? bytes.length - from : share;
            ByteBuf next;
            switch (random.nextInt(5)) {
                case 0:
                    next = filled(PooledByteBufAllocator.DEFAULT.directBuffer(count), bytes, from, count);
                    break;
                case 1:
                    next = filled(PooledByteBufAllocator.DEFAULT.heapBuffer(count), bytes, from, count);
                    break;
                case 2:
                    next = Unpooled.wrappedBuffer(bytes, from, count);
                    break;
                case 3:
                    next = Unpooled.wrappedBuffer(bytes).slice(from, count).asReadOnly();
                    break;
                default:
                    next = Unpooled.wrappedBuffer(
                            Unpooled.wrappedBuffer(bytes, from, count / 2),
                            filled(Unpooled.directBuffer(), bytes, from + count / 2, count - count / 2));
                    break;
            }
            all.addComponent(true, next);
        }
        return all;
    }

    @Test
    void aCompositeArrivesInOrderAndTheReaderIndexFollows() throws Exception {
        byte[] bytes = Content.PATTERN.bytes(0, 2_000_000);
        CompositeByteBuf composite = composite(bytes, 300);
        composite.skipBytes(5);
        Future<byte[]> received = received(bytes.length - 5);
        TransferResult result = NettyBuffers.send(composite, pair[0]);
        assertThat(TestFixture.join(received)).isEqualTo(Arrays.copyOfRange(bytes, 5, bytes.length));
        assertThat(result.mechanism()).isEqualTo(Mechanism.GATHER_WRITE);
        assertThat(composite.readableBytes()).isZero();
        assertThat(composite.release()).isTrue();
    }

    /** Bytes that change after the source was created arrive changed: it is the same memory. */
    @Test
    void nothingIsCopiedOnTheWay() throws Exception {
        ByteBuf direct = PooledByteBufAllocator.DEFAULT.directBuffer(100).writeZero(100);
        ByteBuf heap = Unpooled.buffer(100).writeZero(100);
        ByteBuf all = Unpooled.wrappedBuffer(direct.slice(10, 80), heap.slice(20, 50));
        ByteBuffer[] source = NettyBuffers.of(all);
        direct.setByte(10, 1).setByte(89, 2);
        heap.setByte(20, 3).setByte(69, 4);
        Future<byte[]> received = received(130);
        Transfers.from(source).to(pair[0]).build().run();
        byte[] arrived = TestFixture.join(received);
        assertThat(new byte[] {arrived[0], arrived[79], arrived[80], arrived[129]})
                .containsExactly(1, 2, 3, 4);
        all.release();
    }

    /** A composite, a file region, and another composite: one transfer. */
    @Test
    void compositesAndFileRegionsAreOneSource() throws Exception {
        byte[] bytes = Content.PATTERN.bytes(0, 50_000);
        CompositeByteBuf head = composite(bytes, 10);
        CompositeByteBuf tail = composite(bytes, 20);
        Future<byte[]> received = received(50_000 + 400_000 + 50_000);
        TransferResult result = Transfers.concat(
                        NettyBuffers.part(head),
                        Part.of(fixture.file(1_000_000), 300_000, 400_000),
                        NettyBuffers.part(tail))
                .to(pair[0])
                .build()
                .run();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.write(bytes);
        expected.write(Content.PATTERN.bytes(300_000, 400_000));
        expected.write(bytes);
        assertThat(TestFixture.join(received)).isEqualTo(expected.toByteArray());
        assertThat(result.legs())
                .extracting(leg -> leg.mechanism())
                .containsExactly(Mechanism.GATHER_WRITE, Mechanism.SENDFILE);
        head.release();
        tail.release();
    }

    /** If memory of a pool is used again at once, its new content must not reach the peer of the previous transfer. */
    @ParameterizedTest
    @EnumSource(names = {"GATHER_WRITE", "MSG_ZEROCOPY"})
    void aPooledBufferCanBeReleasedWhenTheTransferIsDone(Mechanism mechanism) throws Exception {
        int size = 3 << 20;
        ByteBuf pooled =
                filled(PooledByteBufAllocator.DEFAULT.directBuffer(size), Content.PATTERN.bytes(0, size), 0, size);
        Future<byte[]> received = received(size);
        Transfers.from(NettyBuffers.of(pooled))
                .to(pair[0])
                .use(mechanism, Preference.REQUIRE)
                .build()
                .run();
        pooled.release();
        ByteBuf next = PooledByteBufAllocator.DEFAULT.directBuffer(size).writeZero(size);
        assertThat(TestFixture.join(received)).isEqualTo(Content.PATTERN.bytes(0, size));
        next.release();
    }

    @Test
    void theReaderIndexTellsWhatWasTakenWhenThePeerGoesAway() throws Exception {
        CompositeByteBuf composite = composite(new byte[20_000_000], 100);
        Future<?> peer = fixture.peer(() -> {
            Channels.newInputStream(pair[1]).readNBytes(1_000_000);
            pair[1].close();
            return null;
        });
        TransferException e =
                catchThrowableOfType(TransferException.class, () -> NettyBuffers.send(composite, pair[0]));
        TestFixture.join(peer);
        assertThat((long) composite.readerIndex()).isEqualTo(e.transferred()).isGreaterThanOrEqualTo(1_000_000);
        composite.release();
    }
}
