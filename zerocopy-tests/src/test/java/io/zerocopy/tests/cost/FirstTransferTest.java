package io.zerocopy.tests.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Transfers;
import io.zerocopy.tests.kit.Child;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first transfer of a process loads neither the flight recorder's events nor an unwanted native part. */
class FirstTransferTest {
    /** If all classes of a folder are loaded in advance, the event's own class is loaded, but not initialised. */
    private static final String SET_UP_OF_THE_RECORDER = " jdk.jfr.internal.";

    /** The classes of the JVM included: 1,610 on JDK 25 and 1,490 on 17. */
    private static final int MOST_CLASSES = 1_680;

    /** 1,130 on JDK 25 and 940 on 17, where JNA and the classes that it needs are not loaded. */
    private static final int MOST_CLASSES_OF_NIO = 1_180;

    /** Of these, the library's own: 164. Each costs a quarter to half a millisecond, more than most of the JDK's. */
    private static final int MOST_OWN_CLASSES = 166;

    /** 104. */
    private static final int MOST_OWN_CLASSES_OF_NIO = 105;

    /** False in a build that runs its tests before it has jars: from folders, all classes are loaded ahead. */
    private static final boolean FROM_JARS =
            Transfers.class.getResource("Transfers.class").getProtocol().equals("jar");

    @TempDir
    private Path folder;

    private List<String> loaded(Child child) throws Exception {
        Child.Ended ended = child.option("-Xlog:class+load").run(FirstSubject.class, folder.toString());
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("copied by one transfer").contains("io.zerocopy.Transfers source:");
        return ended.output().lines().toList();
    }

    private static void hasAtMost(int most, int ownMost, List<String> loaded) {
        if (FROM_JARS) {
            List<String> classes =
                    loaded.stream().filter(line -> line.contains(" source: ")).toList();
            assertThat(classes.stream().filter(line -> line.contains(" io.zerocopy.") && !line.contains("$$Lambda")))
                    .hasSizeLessThanOrEqualTo(ownMost);
            assertThat(classes).hasSizeLessThanOrEqualTo(most);
        }
    }

    private static void hasNone(List<String> loaded, String... parts) {
        for (String part : parts) {
            assertThat(loaded).as(part).noneMatch(line -> line.contains(part));
        }
    }

    @Test
    void theNativePartSetsUpNoRecorder() throws Exception {
        List<String> loaded = loaded(new Child());
        hasNone(loaded, SET_UP_OF_THE_RECORDER, " jdk.internal.foreign.abi.AbstractLinker");
        assertThat(loaded).anyMatch(line -> line.contains(" com.sun.jna.Native "));
        hasAtMost(MOST_CLASSES, MOST_OWN_CLASSES, loaded);
    }

    @Test
    void aNativePartThatIsSwitchedOffIsNotLoaded() throws Exception {
        List<String> loaded = loaded(new Child().option("-Dzerocopy.disable=native"));
        hasNone(loaded, " com.sun.jna.", SET_UP_OF_THE_RECORDER);
        assertThat(loaded).noneMatch(line -> FROM_JARS && line.contains(" io.zerocopy.") && line.contains("$$Lambda"));
        hasAtMost(MOST_CLASSES_OF_NIO, MOST_OWN_CLASSES_OF_NIO, loaded);
    }

    @Test
    void jnaInItsProtectedModeIsNotLoaded() throws Exception {
        hasNone(loaded(new Child().option("-Djna.protected=true")), " com.sun.jna.");
    }
}
