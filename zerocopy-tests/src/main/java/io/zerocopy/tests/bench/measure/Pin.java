package io.zerocopy.tests.bench.measure;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The processor on which a process runs. Movers have one processor and peers another. On loopback, it matters more
 * whether sender and receiver share a processor than how the bytes are moved, and without pinning this could change in
 * every window. Without a second processor, or with {@code -Dzerocopy.bench.pin=false}, nothing is pinned.
 */
public enum Pin {
    MOVER(0),
    PEER(1);

    private static final List<Integer> ALLOWED = allowed();

    private final int index;

    Pin(int index) {
        this.index = index;
    }

    /** Returns the processor, or -1 for any. */
    int cpu() {
        return ALLOWED.size() < 2 ? -1 : ALLOWED.get(index);
    }

    /** Returns the command that runs on this processor. */
    public List<String> prefixed(List<String> command) {
        if (cpu() < 0 || !Toolchain.has("taskset")) {
            return command;
        }
        List<String> whole = new ArrayList<>(List.of("taskset", "-c", Integer.toString(cpu())));
        whole.addAll(command);
        return whole;
    }

    /** Pins the calling thread; does nothing if the C library has no such function. */
    public void here() {
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

    /** Returns a description for the head of a report. */
    public static String describe() {
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

    /** Bound at first use. */
    private static final class Libc {
        static {
            Native.register("c");
        }

        static native int sched_setaffinity(int pid, NativeLong size, byte[] mask);
    }
}
