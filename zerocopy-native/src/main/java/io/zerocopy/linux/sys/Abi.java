package io.zerocopy.linux.sys;

import java.util.Map;

/**
 * The systems that the native part supports, and every constant that differs between them. Everything else, in
 * {@link C}, {@link Errno}, {@code MsgHdr} and the offsets of structures, is the same for all rows of this table.
 *
 * <p>The reasons for the choice: the kernel's generic headers ({@code include/uapi/asm-generic}) apply unchanged to
 * riscv64 and loongarch64, and x86-64 has the same values; arm64 overrides four flags of open(2) in
 * {@code arch/arm64/include/uapi/asm/fcntl.h}. All are 64-bit and little-endian, so {@code long}, {@code size_t} and
 * {@code off_t} are 8 bytes and {@code struct msghdr}, {@code iovec}, {@code statx} and {@code statfs} have the same
 * layout. Only {@code struct epoll_event} is packed on x86-64, and its only user handles that. All of them pass
 * variadic arguments like any other argument. These are not in the table: POWER, MIPS, SPARC and Alpha, because they
 * number their ioctls or errors differently; s390x, because it is big-endian and returns unions through memory.
 *
 * <p>There are two C libraries. The constants come from the kernel, so they are the same for both; musl keeps the
 * kernel's layout of {@code struct msghdr} by padding. {@code LibcVectored} has the functions that one of them lacks.
 * JNA's own library is built for the GNU C library; if it does not load, the pure-Java part serves.
 *
 * @param O_DIRECT bypasses the page cache
 * @param O_LARGEFILE set in the result of {@code F_GETFL}; 64-bit programs need not set it
 * @param O_DIRECTORY fails if the path is not a directory
 * @param O_NOFOLLOW fails if the path is a symbolic link
 */
public record Abi(int O_DIRECT, int O_LARGEFILE, int O_DIRECTORY, int O_NOFOLLOW) {
    private static final Abi GENERIC = new Abi(040000, 0100000, 0200000, 0400000);
    private static final Abi ARM64 = new Abi(0200000, 0400000, 040000, 0100000);

    /** Rows by {@code os.arch}. */
    private static final Map<String, Abi> PROCESSORS =
            Map.of("amd64", GENERIC, "x86_64", GENERIC, "aarch64", ARM64, "riscv64", GENERIC, "loongarch64", GENERIC);

    /** Flag of open(2) that creates a file without a name. */
    public int O_TMPFILE() {
        return 020000000 | O_DIRECTORY;
    }

    /**
     * Returns the constants of a processor.
     *
     * @param osArch the value of the system property {@code os.arch}
     * @return its row; null if there is none
     */
    public static Abi of(String osArch) {
        return PROCESSORS.get(osArch);
    }

    /** Returns the constants for this process; null if {@link #unsupportedBecause()} has a reason. */
    public static Abi current() {
        Abi known = Current.known; // later callers may have fewer rights than the first
        if (known == null && unsupportedBecause() == null) {
            known = of(System.getProperty("os.arch"));
            Current.known = known;
        }
        return known;
    }

    private static final class Current {
        private static volatile Abi known;
    }

    /**
     * Returns why the native part does not support this process; null if it does. Loads no other class.
     *
     * @throws SecurityException if a security manager does not let the caller ask
     */
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
