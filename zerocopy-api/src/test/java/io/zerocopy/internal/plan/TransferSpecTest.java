package io.zerocopy.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.internal.build.DefaultTransfer;
import io.zerocopy.internal.build.TransferBuilder;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TransferSpecTest {
    /** Whoever gets a transfer by a data race must see all of it. */
    @Test
    void everyFieldOfATransferIsFinal() {
        Class<?>[] types = {DefaultTransfer.class, TransferSpec.class, TransferWishes.class};
        assertThat(Arrays.stream(types)
                        .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                        .filter(field -> !Modifier.isStatic(field.getModifiers())))
                .isNotEmpty()
                .allSatisfy(field -> assertThat(Modifier.isFinal(field.getModifiers()))
                        .as(field.toString())
                        .isTrue());
    }

    @Test
    void aBuilderThatGoesOnChangesNoTransferThatItHasBuilt() {
        TransferBuilder builder = new TransferBuilder(new ByteBuffer[] {ByteBuffer.allocate(1)});
        builder.to(new ByteArrayOutputStream()).count(5).use(Mechanism.SPLICE, Preference.NEVER);
        Transfer built = builder.build();
        builder.count(7).header(ByteBuffer.allocate(3)).use(Mechanism.SPLICE, Preference.REQUIRE);
        TransferSpec spec = (TransferSpec) built;
        assertThat(spec.count()).isEqualTo(5);
        assertThat(spec.header()).isEmpty();
        assertThat(spec.preferences()[Mechanism.SPLICE.ordinal()]).isEqualTo(Preference.NEVER);
        assertThat(TransferWishes.ALL_AUTO).containsOnly(Preference.AUTO);
    }
}
