package io.zerocopy.tests.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The file status flags of this process's descriptors, including {@code O_NONBLOCK}, as the kernel reports them. A
 * channel's own state does not show a change that was made directly to its descriptor.
 */
public final class StatusFlags {
    private final Map<String, String> flags = new HashMap<>();

    /** Reads all flags; none if there is no {@code /proc}. */
    public StatusFlags() throws IOException {
        Path all = Path.of("/proc/self/fd");
        if (Files.isDirectory(all)) {
            try (Stream<Path> descriptors = Files.list(all)) {
                descriptors.forEach(this::read);
            }
        }
    }

    private void read(Path descriptor) {
        try {
            String object = Files.readSymbolicLink(descriptor).toString();
            if (object.startsWith("/proc/")) {
                return; // for example this listing, whose number belongs to another descriptor the next time
            }
            List<String> info = Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor.getFileName()));
            info.stream()
                    .filter(line -> line.startsWith("flags:"))
                    .forEach(line -> flags.put(
                            descriptor.getFileName() + " " + object,
                            line.substring(6).trim()));
        } catch (IOException gone) {
            return; // closed meanwhile by its owner, so not compared
        }
    }

    /** Fails if a descriptor that is still open for the same file has other flags now. */
    public void areUnchanged() throws IOException {
        Map<String, String> now = new StatusFlags().flags;
        flags.forEach((descriptor, before) -> {
            String after = now.getOrDefault(descriptor, before);
            if (!after.equals(before)) {
                throw new AssertionError(
                        "descriptor " + descriptor + " has the flags " + after + " now, before it had " + before);
            }
        });
    }
}
