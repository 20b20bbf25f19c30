package io.zerocopy.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Part;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.internal.build.DefaultTransfer;
import io.zerocopy.internal.build.TransferBuilder;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TransferSpecTest {
    /**
     * A thread that gets a transfer by a data race must see all of it. So every object of the library that a transfer
     * refers to, directly or not, has only final or volatile fields.
     */
    @Test
    void everyFieldOfATransferIsFinal() throws IllegalAccessException {
        ByteBuffer around = ByteBuffer.allocate(3);
        Transfer ofBuffers = new TransferBuilder(new ByteBuffer[] {ByteBuffer.allocate(1)})
                .to(new ByteArrayOutputStream())
                .header(around)
                .use(Mechanism.SPLICE, Preference.NEVER)
                .build();
        Transfer ofParts = new TransferBuilder(new Parts(List.of(Part.of(around), Part.of(Path.of("a"), 0, 1))))
                .to(Path.of("b"))
                .build();
        Set<Class<?>> seen = new HashSet<>();
        for (Object root : List.of(ofBuffers, ofParts)) {
            visit(root, seen, Collections.newSetFromMap(new IdentityHashMap<>()));
        }
        assertThat(seen)
                .contains(DefaultTransfer.class, TransferWishes.class, Providers.class)
                .contains(Parts.class, Part.Memory.class, Part.PathRegion.class);
    }

    private static void visit(Object object, Set<Class<?>> seen, Set<Object> visited) throws IllegalAccessException {
        if (object instanceof Iterable<?> && !(object instanceof Path)) {
            for (Object element : (Iterable<?>) object) {
                visit(element, seen, visited);
            }
        }
        if (object instanceof Object[] array) {
            visit(Arrays.asList(array), seen, visited);
        }
        boolean ofTheLibrary = object != null && object.getClass().getName().startsWith("io.zerocopy.");
        if (!ofTheLibrary || object instanceof Enum<?> || !visited.add(object)) {
            return;
        }
        for (Class<?> type = object.getClass(); type != Object.class; type = type.getSuperclass()) {
            seen.add(type);
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    assertThat(Modifier.isFinal(field.getModifiers()) || Modifier.isVolatile(field.getModifiers()))
                            .as(field.toString())
                            .isTrue();
                    field.setAccessible(true);
                    visit(field.get(object), seen, visited);
                }
            }
        }
    }

    @Test
    void laterCallsOfABuilderDoNotChangeABuiltTransfer() {
        TransferBuilder builder = new TransferBuilder(new ByteBuffer[] {ByteBuffer.allocate(1)});
        builder.to(new ByteArrayOutputStream()).count(5).use(Mechanism.SPLICE, Preference.NEVER);
        Transfer built = builder.build();
        builder.count(7).header(ByteBuffer.allocate(3)).use(Mechanism.SPLICE, Preference.REQUIRE);
        TransferSpec spec = (TransferSpec) built;
        assertThat(spec.count()).isEqualTo(5);
        assertThat(spec.header()).isEmpty();
        assertThat(spec.preference(NamedMechanism.of(Mechanism.SPLICE))).isEqualTo(Preference.NEVER);
        assertThat(TransferWishes.ALL_AUTO).containsOnly(Preference.AUTO);
    }
}
