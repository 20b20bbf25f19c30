package io.zerocopy.linux.internal.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.nio.internal.mapped.MappedRegion;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The memory that a system call gets: that of the buffer itself if it cannot be freed meanwhile, else a copy. */
class BufferAddressesTest {
    private static final int SIZE = 10_000;

    private final ScriptedSyscalls script = new ScriptedSyscalls();
    private final Kernel kernel = new Kernel(script.sys());
    private final ChannelFixture ends = new ChannelFixture();

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    private List<Object> addressesOfWrites() {
        return script.calls("pwrite").stream()
                .map(call -> call.arguments().get(1))
                .toList();
    }

    @Test
    void pagesThatTheMoverHasMappedAreWrittenWhereTheyLie() throws IOException {
        FileChannel source = ends.file(SIZE);
        Target target = kernel.target(ends.file(0));
        try (MappedRegion region = MappedRegion.map(source, MapMode.READ_ONLY, 0, SIZE)) {
            ByteBuffer window = region.slice(0, SIZE);
            long address = Memory.addressOf(window);
            assertThat(target.writeMapped(window.limit(4000), 0)).isEqualTo(4000);
            assertThat(target.writeMapped(window.limit(SIZE), 4000)).isEqualTo(SIZE - 4000);
            assertThat(addressesOfWrites()).containsExactly(address, address + 4000);
        }
    }

    /** From 22 on such a region is in an arena, which a program can close at any time. */
    @Test
    void otherMappedBytesAreCopiedIfTheirArenaCanBeClosed() throws IOException {
        FileChannel source = ends.file(SIZE);
        Target target = kernel.target(ends.file(0));
        try (MappedRegion region = MappedRegion.map(source, MapMode.READ_ONLY, 0, SIZE)) {
            ByteBuffer buffer = region.slice(0, SIZE);
            long address = Memory.addressOf(buffer);
            assertThat(target.write(buffer, 0)).isEqualTo(SIZE);
            assertThat(addressesOfWrites().contains(address)).isEqualTo(!MappedRegion.GUARDED);
        }
    }

    @Test
    void aDirectBufferIsReadAndWrittenWhereItLies() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
        long address = Memory.addressOf(buffer);
        kernel.source(ends.file(SIZE)).read(buffer, 0);
        kernel.target(ends.file(0)).write(buffer.flip(), 0);
        assertThat(script.calls("pread").get(0).arguments().get(1)).isEqualTo(address);
        assertThat(addressesOfWrites()).containsExactly(address);
    }
}
