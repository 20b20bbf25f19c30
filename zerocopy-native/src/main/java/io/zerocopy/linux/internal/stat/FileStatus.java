package io.zerocopy.linux.internal.stat;

import io.zerocopy.linux.internal.sizes.CallSizes;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import java.util.Map;
import java.util.Set;

/**
 * The answers of statx(2) and statfs(2) for a file. Offsets are those of {@code struct statx}, which is the same on
 * every architecture.
 *
 * @param mode type and permissions
 * @param device an encoding of {@code st_dev}
 * @param number the inode's number
 * @param size bytes
 * @param blocks units of 512 bytes that the file takes
 * @param special which device a special file stands for, encoded as {@code device}
 * @param mount a number that no other mount gets while the system runs; 0 if the kernel does not say, before 6.8
 */
public record FileStatus(int mode, long device, long number, long size, long blocks, long special, long mount) {
    private static final int MASK = 0;
    private static final int MODE = 28;
    private static final int INO = 32;
    private static final int SIZE = 40;
    private static final int BLOCKS = 48;
    private static final int BLOCK = 512; // the unit of st_blocks on every file system
    private static final int RDEV_MAJOR = 128;
    private static final int RDEV_MINOR = 132;
    private static final int DEV_MAJOR = 136;
    private static final int DEV_MINOR = 140;
    private static final int MNT_ID = 144;

    /** Devices by their numbers, which never change; see admin-guide/devices.txt of the kernel. */
    private static final long MEMORY_MAJOR = 1;

    private static final long KMSG = (MEMORY_MAJOR << 32) | 11;

    /** Names of file systems by {@code f_type}; see statfs(2) and linux/magic.h. */
    private static final Map<Long, String> NAMES = Map.ofEntries(
            Map.entry(0xEF53L, "ext4"),
            Map.entry(0x58465342L, "xfs"),
            Map.entry(0x9123683EL, "btrfs"),
            Map.entry(0xCA451A4EL, "bcachefs"),
            Map.entry(0x01021994L, "tmpfs"),
            Map.entry(0x858458F6L, "ramfs"),
            Map.entry(0x794C7630L, "overlay"),
            Map.entry(0x6969L, "nfs"),
            Map.entry(0xFF534D42L, "cifs"),
            Map.entry(0xFE534D42L, "smb2"),
            Map.entry(0x2FC12FC1L, "zfs"),
            Map.entry(0xF2F52010L, "f2fs"),
            Map.entry(0x4D44L, "vfat"),
            Map.entry(0x5346544EL, "ntfs"),
            Map.entry(0x73717368L, "squashfs"),
            Map.entry(0xE0F5E1E2L, "erofs"),
            Map.entry(0x65735546L, "fuse"),
            Map.entry(0x786F4256L, "vboxsf"));

    /** File systems that generate the content of regular files at each read, so that their sizes say nothing. */
    private static final Map<Long, String> VIRTUAL = Map.ofEntries(
            Map.entry(0x9FA0L, "proc"),
            Map.entry(0x62656572L, "sysfs"),
            Map.entry(0x64626720L, "debugfs"),
            Map.entry(0x74726163L, "tracefs"),
            Map.entry(0x27E0EBL, "cgroup"),
            Map.entry(0x63677270L, "cgroup2"),
            Map.entry(0x73636673L, "securityfs"),
            Map.entry(0xCAFE4A11L, "bpf"),
            Map.entry(0x62656570L, "configfs"),
            Map.entry(0x6165676CL, "pstore"),
            Map.entry(0xDE5E81E4L, "efivarfs"),
            Map.entry(0x19800202L, "mqueue"),
            Map.entry(0xF97CFF8CL, "selinuxfs"));

    /** File systems on which {@code O_NONBLOCK} changes nothing for a regular file. */
    private static final Set<Long> LOCAL = Set.of(
            0xEF53L, // ext4, and its ancestors
            0x58465342L, // xfs
            0x9123683EL, // btrfs
            0x01021994L, // tmpfs
            0x858458F6L, // ramfs
            0xF2F52010L, // f2fs
            0x73717368L, // squashfs
            0xE0F5E1E2L); // erofs

    /** The inode behind a descriptor; null if the kernel refuses. */
    public static FileStatus of(Syscalls sys, int fd, Memory memory) {
        int mask = C.STATX_BASIC_STATS | C.STATX_MNT_ID_UNIQUE;
        return read(
                sys.statx(fd, "", C.AT_EMPTY_PATH, mask, memory.putInt(MASK, 0).address()), memory);
    }

    /** The inode behind a path, links followed; null if there is none. */
    public static FileStatus of(Syscalls sys, String path, Memory memory) {
        return read(look(sys, path, memory), memory);
    }

    /** Looks at a path, links followed, for {@link #read}; 0 or a negative errno. */
    public static int look(Syscalls sys, String path, Memory memory) {
        return sys.statx(C.AT_FDCWD, path, 0, C.STATX_BASIC_STATS, memory.address());
    }

    /** The result of {@link #look}; null if the kernel refused. */
    public static FileStatus read(int result, Memory memory) {
        if (result < 0) {
            return null;
        }
        return new FileStatus(
                memory.getUnsignedShort(MODE),
                device(memory, DEV_MAJOR, DEV_MINOR),
                memory.getLong(INO),
                memory.getLong(SIZE),
                memory.getLong(BLOCKS),
                device(memory, RDEV_MAJOR, RDEV_MINOR),
                (memory.getInt(MASK) & C.STATX_MNT_ID_UNIQUE) != 0 ? memory.getLong(MNT_ID) : 0);
    }

    private static long device(Memory memory, int major, int minor) {
        return ((long) memory.getInt(major) << 32) | memory.getInt(minor);
    }

    /** The size, or a negative errno; makes no garbage. The memory then has the data for {@link #mayHaveHoles}. */
    public static long size(Syscalls sys, int fd, Memory memory) {
        int result = sys.statx(fd, "", C.AT_EMPTY_PATH, C.STATX_SIZE | C.STATX_BLOCKS, memory.address());
        return result < 0 ? result : memory.getLong(SIZE);
    }

    /**
     * Whether a file may have holes that are worth a look: a large file always, since allocated space that was never
     * written is a hole; a small file if it takes less space than its size.
     */
    public static boolean mayHaveHoles(long size, Memory memory) {
        return mayHaveHoles(size, memory.getLong(BLOCKS));
    }

    private static boolean mayHaveHoles(long size, long blocks) {
        return size >= CallSizes.SEARCHED_FOR_HOLES || blocks * BLOCK < size;
    }

    /** As {@link #mayHaveHoles(long, Memory)}, at the time of the look. */
    public boolean mayHaveHoles() {
        return mayHaveHoles(size, blocks);
    }

    public boolean is(int type) {
        return (mode & C.S_IFMT) == type;
    }

    /**
     * Whether a special file may keep its reader or writer waiting, as a terminal does. The memory devices (null, zero,
     * full, random) never do, except the kernel's log, which is also one.
     */
    public boolean waits() {
        return is(C.S_IFCHR) && (special >>> 32 != MEMORY_MAJOR || special == KMSG);
    }

    /** Terminals by their majors: consoles and serial lines, what stands for them, and the pseudo-terminals' ends. */
    public boolean isTerminal() {
        long major = special >>> 32;
        long minor = special & 0xFFFFFFFFL;
        return is(C.S_IFCHR) && (major == 4 || (major == 5 && minor < 2) || (major >= 136 && major <= 143));
    }

    /** {@code f_type} is the first word of the structure on 64-bit architectures. */
    public static long type(int result, Memory memory) {
        return result < 0 ? 0 : memory.getLong(0) & 0xFFFFFFFFL;
    }

    public static String name(long type) {
        return NAMES.getOrDefault(type, VIRTUAL.getOrDefault(type, type == 0 ? "" : "0x" + Long.toHexString(type)));
    }

    /** Whether reads of a regular file are the same with {@code O_NONBLOCK} and without it. */
    public static boolean ignoresNonBlocking(long type) {
        return LOCAL.contains(type);
    }

    /** Whether a regular file's size says nothing; FUSE servers may leave it 0. */
    public boolean sizeSaysNothing(long type) {
        return VIRTUAL.containsKey(type) || (size == 0 && (type == 0x65735546L || type == 0));
    }
}
