package io.zerocopy.tests.soak;

import io.zerocopy.Mechanism;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;

/** The ends between which a mechanism may be required. If it needs more than that, the transfer says so. */
record SoakPairs(Set<SoakSource.Kind> sources, Set<SoakTarget.Kind> targets) {
    private static final Set<SoakSource.Kind> ANYTHING = EnumSet.allOf(SoakSource.Kind.class);
    private static final Set<SoakSource.Kind> FROM_FILES =
            EnumSet.of(SoakSource.Kind.FILE, SoakSource.Kind.PATH, SoakSource.Kind.PARTS);
    private static final Set<SoakSource.Kind> FROM_DESCRIPTORS = EnumSet.of(
            SoakSource.Kind.FILE,
            SoakSource.Kind.PATH,
            SoakSource.Kind.PIPE,
            SoakSource.Kind.TCP,
            SoakSource.Kind.UNIX,
            SoakSource.Kind.WRAPPED);
    private static final Set<SoakSource.Kind> BUT_MEMORY =
            EnumSet.complementOf(EnumSet.of(SoakSource.Kind.MEMORY, SoakSource.Kind.PARTS));
    private static final Set<SoakTarget.Kind> TO_ANYTHING = EnumSet.allOf(SoakTarget.Kind.class);
    private static final Set<SoakTarget.Kind> TO_FILES = EnumSet.of(SoakTarget.Kind.FILE, SoakTarget.Kind.PATH);
    private static final Set<SoakTarget.Kind> TO_DESCRIPTORS = EnumSet.complementOf(EnumSet.of(SoakTarget.Kind.STREAM));

    static SoakPairs of(Mechanism mechanism) {
        return switch (mechanism) {
            case REFLINK, COPY_FILE_RANGE, IO_URING -> new SoakPairs(FROM_FILES, TO_FILES);
            case SENDFILE, TRANSFER_TO, MMAP_WRITE -> new SoakPairs(FROM_FILES, TO_DESCRIPTORS);
            case SPLICE -> new SoakPairs(FROM_DESCRIPTORS, TO_DESCRIPTORS);
            case TRANSFER_FROM -> new SoakPairs(BUT_MEMORY, TO_FILES);
            case DIRECT_IO -> new SoakPairs(ANYTHING, TO_ANYTHING);
            case MSG_ZEROCOPY -> new SoakPairs(EnumSet.of(SoakSource.Kind.MEMORY), EnumSet.of(SoakTarget.Kind.TCP));
            case GATHER_WRITE -> new SoakPairs(EnumSet.of(SoakSource.Kind.MEMORY), TO_ANYTHING);
            case READ_WRITE -> new SoakPairs(ANYTHING, TO_ANYTHING);
        };
    }

    SoakSource.Kind source(Random random) {
        return pick(sources, random);
    }

    SoakTarget.Kind target(Random random) {
        return pick(targets, random);
    }

    private static <T> T pick(Set<T> set, Random random) {
        return set.stream().skip(random.nextInt(set.size())).findFirst().orElseThrow();
    }
}
