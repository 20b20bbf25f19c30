package io.zerocopy.tests.bench;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which processor somebody runs on. Movers have one to themselves and peers another: on loopback, whether sender and
 * receiver happen to share a processor decides more than how the bytes were moved, and it would decide anew in every
 * window. Without a second processor, or with {@code -Dzerocopy.bench.pin=false}, everybody runs anywhere.
 */
enum Pin {
    MOVER(0),
    PEER(1);

    private static final List<Integer> ALLOWED = allowed();

    private final int index;

    Pin(int index) {
        this.index = index;
    }

    /** The processor, or -1. */
    int cpu() {
        return ALLOWED.size() < 2 ? -1 : ALLOWED.get(index);
    }

    /** The command, run there. */
    List<String> prefixed(List<String> command) {
        if (cpu() < 0 || !Toolchain.has("taskset")) {
            return command;
        }
        List<String> whole = new ArrayList<>(List.of("taskset", "-c", Integer.toString(cpu())));
        whole.addAll(command);
        return whole;
    }

    /** Pins the calling thread; nothing where the library has no such function. */
    void here() {
        if (cpu() >= 0) {
            try {
                Libc.sched_setaffinity(0, new NativeLong(128), mask());
            } catch (LinkageError elsewhere) {
                System.err.println("not pinned: " + elsewhere);
            }
        }
    }

    private byte[] mask() {
        byte[] mask = new byte[128];
        mask[cpu() / 8] = (byte) (1 << cpu() % 8);
        return mask;
    }

    /** For the head of a report. */
    static String describe() {
        return MOVER.cpu() < 0 ? "anywhere" : "mover on processor " + MOVER.cpu() + ", peers on " + PEER.cpu();
    }

    private static List<Integer> allowed() {
        List<Integer> all = new ArrayList<>();
        if (!Boolean.parseBoolean(System.getProperty("zerocopy.bench.pin", "true"))) {
            return all;
        }
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("Cpus_allowed_list:")) {
                    for (String range :
                            line.substring(line.indexOf(':') + 1).strip().split(",")) {
                        String[] ends = range.split("-");
                        for (int i = Integer.parseInt(ends[0]); i <= Integer.parseInt(ends[ends.length - 1]); i++) {
                            all.add(i);
                        }
                    }
                }
            }
        } catch (IOException notLinux) {
            return List.of();
        }
        return all;
    }

    /** Bound when first used. */
    private static final class Libc {
        static {
            Native.register("c");
        }

        static native int sched_setaffinity(int pid, NativeLong size, byte[] mask);
    }
}
