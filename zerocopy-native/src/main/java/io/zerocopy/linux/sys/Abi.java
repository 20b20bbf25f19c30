package io.zerocopy.linux.sys;

import java.util.Map;

/**
 * Which systems the native part is for, and every constant that differs between them. Everything else, in {@link C},
 * {@link Errno}, {@link Message} and the offsets of structures, is the same on all rows of this table.
 *
 * <p>How they were chosen: the kernel's generic headers ({@code include/uapi/asm-generic}) hold for riscv64 and
 * loongarch64 as they are, and x86-64 has the same values; arm64 overrides four flags of open(2) in
 * {@code arch/arm64/include/uapi/asm/fcntl.h}. All are 64-bit and little-endian, so {@code long}, {@code size_t} and
 * {@code off_t} are 8 bytes and {@code struct msghdr}, {@code iovec}, {@code statx} and {@code statfs} have one layout;
 * {@code struct epoll_event} alone is packed on x86-64, which its one user allows for. All pass variadic arguments as any
 * other. Not in the table: POWER, MIPS, SPARC and Alpha number their ioctls or errors otherwise, s390x is big-endian and
 * returns unions through memory.
 *
 * <p>Of C libraries there are two. Constants are the kernel's and therefore those of both; musl keeps the kernel's
 * layout of {@code struct msghdr} by padding. A function that one lacks is in {@link LibcVectored}. JNA's own library is
 * made for the GNU C library; where it does not load, the pure-Java part serves.
 *
 * @param O_DIRECT bypasses the page cache
 * @param O_LARGEFILE set in what {@code F_GETFL} tells; 64-bit programs need not ask for it
 * @param O_DIRECTORY fails for what is no directory
 * @param O_NOFOLLOW fails for a symbolic link
 */
public record Abi(int O_DIRECT, int O_LARGEFILE, int O_DIRECTORY, int O_NOFOLLOW) {
    private static final Abi GENERIC = new Abi(040000, 0100000, 0200000, 0400000);
    private static final Abi ARM64 = new Abi(0200000, 0400000, 040000, 0100000);

    /** By {@code os.arch}. */
    private static final Map<String, Abi> PROCESSORS =
            Map.of("amd64", GENERIC, "x86_64", GENERIC, "aarch64", ARM64, "riscv64", GENERIC, "loongarch64", GENERIC);

    /** Makes a file without a name. */
    public int O_TMPFILE() {
        return 020000000 | O_DIRECTORY;
    }

    /**
     * The constants of a processor.
     *
     * @param osArch as the system property of that name has it
     * @return its row; null where there is none
     */
    public static Abi of(String osArch) {
        return PROCESSORS.get(osArch);
    }

    /** The constants of this process; null where {@link #unsupportedBecause()} has a reason. */
    public static Abi current() {
        return unsupportedBecause() == null ? of(System.getProperty("os.arch")) : null;
    }

    /** Why the native part is not for this process; null where it is. Loads nothing else. */
    public static String unsupportedBecause() {
        String system = System.getProperty("os.name");
        if (!system.equals("Linux")) {
            return "the native part is for Linux, this is " + system;
        }
        String processor = System.getProperty("os.arch");
        if ("32".equals(System.getProperty("sun.arch.data.model"))) {
            return "the native part is for 64-bit JVMs, this is a 32-bit one on " + processor;
        }
        if (!PROCESSORS.containsKey(processor)) {
            return "the native part is not built for the processor " + processor;
        }
        return null;
    }
}
