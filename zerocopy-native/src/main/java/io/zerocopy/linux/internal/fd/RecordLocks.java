package io.zerocopy.linux.internal.fd;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The record locks that this process holds on files, as {@code FileChannel.lock} takes them; see fcntl_locking(2). When a
 * process closes any descriptor of a file, the kernel drops all of its record locks on that file. So no second descriptor of
 * a caller's file is opened while there are such locks, and one that is open when a lock is taken stays open until that lock
 * is gone. Locks of open file descriptions and those of flock(2) do not end by such a close, and are not looked for.
 *
 * <p>{@code /proc/locks} tells of them without opening the file. The JDK's own table would not know the locks of a native
 * library. Thread-safe.
 */
public final class RecordLocks {
    /** In the place of a descriptor: none was opened, because of a lock. */
    public static final int HELD = -4096; // behind every errno

    /** Why none was opened. */
    public static final String REASON =
            "this process holds a record lock (FileLock) on the file, which the kernel would"
                    + " drop when a second descriptor of it is closed";

    /** The inode numbers of its files are not always those of the locks. */
    private static final String STACKED = "overlay";

    private static final List<Kept> KEPT = new ArrayList<>();

    /** A descriptor that waits for a lock to go. */
    private record Kept(Syscalls sys, int fd, ChannelLease lease) {}

    private RecordLocks() {}

    /** Whether this process may hold record locks on the file of a lease; true also where that cannot be found out. */
    private static boolean mayBeHeld(ChannelLease lease) {
        try (FileInputStream in = new FileInputStream("/proc/locks")) {
            String all = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return !all.isEmpty() && isAnyHeld(all, lease);
        } catch (IOException | SecurityException hidden) {
            return true;
        }
    }

    /** {@code 1: POSIX  ADVISORY  WRITE 4711 08:01:1234 0 EOF}, with an arrow before POSIX if it is only waited for. */
    private static boolean isAnyHeld(String all, ChannelLease lease) throws IOException {
        String own = Files.readSymbolicLink(Path.of("/proc/self")).toString(); // as this /proc counts processes
        String inode = ":" + Long.toUnsignedString(lease.inode().number());
        boolean stacked = lease.fileSystem().equals(STACKED);
        for (String line : all.split("\n")) {
            String[] words = line.trim().split(" +");
            if (words.length > 5
                    && words[1].equals("POSIX")
                    && words[4].equals(own)
                    && (stacked || words[5].endsWith(inode))) {
                return true;
            }
        }
        return false;
    }

    /** Opens the file of a lease once more; {@link #HELD}, or a negative errno, where that cannot be. */
    public static int reopen(Syscalls sys, ChannelLease lease, int flags) {
        closeKept();
        return mayBeHeld(lease) ? HELD : sys.open("/proc/self/fd/" + lease.fd(), flags | C.O_CLOEXEC, 0);
    }

    /** Closes a second descriptor of the file of a lease, now or when no lock would be dropped by that. */
    public static void close(Syscalls sys, int fd, ChannelLease lease) {
        closeKept();
        if (mayBeHeld(lease)) {
            synchronized (KEPT) {
                KEPT.add(new Kept(sys, fd, lease));
            }
        } else {
            sys.close(fd);
        }
    }

    /** Closes what has waited long enough. Called whenever another one is opened or closed. */
    private static void closeKept() {
        synchronized (KEPT) {
            for (Iterator<Kept> all = KEPT.iterator(); all.hasNext(); ) {
                Kept kept = all.next();
                if (!mayBeHeld(kept.lease())) {
                    kept.sys().close(kept.fd());
                    all.remove();
                }
            }
        }
    }
}
