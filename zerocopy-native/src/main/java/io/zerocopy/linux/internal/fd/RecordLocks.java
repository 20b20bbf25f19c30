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
 * The record locks that this process holds on files, such as those of {@code FileChannel.lock}; see fcntl_locking(2).
 * When a process closes any descriptor of a file, the kernel drops all of its record locks on that file. So no second
 * descriptor of a caller's file is opened while there are such locks, and one that is open when a lock is taken stays
 * open until that lock is gone. Such a close does not end locks of open file descriptions or those of flock(2), so they
 * are ignored.
 *
 * <p>{@code /proc/locks} lists the locks, and the file need not be opened. The JDK's own table does not know the locks
 * of a native library. Thread-safe.
 */
public final class RecordLocks {
    /** Returned instead of a descriptor: none was opened, because of a lock. */
    public static final int HELD = -4096; // behind every errno

    /** Why no descriptor was opened. */
    public static final String REASON =
            "this process holds a record lock (FileLock) on the file, which the kernel would"
                    + " drop when a second descriptor of it is closed";

    /** A file system whose files and locks may have different inode numbers. */
    private static final String STACKED = "overlay";

    private static final List<Kept> KEPT = new ArrayList<>();

    /** A descriptor that stays open until a lock is gone. */
    private record Kept(Syscalls sys, int fd, ChannelLease lease) {}

    private RecordLocks() {}

    /** Whether this process may hold record locks on the file of a lease; also true if that cannot be found out. */
    private static boolean mayBeHeld(ChannelLease lease) {
        try (FileInputStream in = new FileInputStream("/proc/locks")) {
            String all = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return !all.isEmpty() && isAnyHeld(all, lease);
        } catch (IOException | SecurityException hidden) {
            return true;
        }
    }

    /**
     * {@code 1: POSIX ADVISORY WRITE 4711 08:01:1234 0 EOF}, with an arrow before POSIX if a process only waits for the
     * lock.
     */
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

    /** Opens the file of a lease once more; {@link #HELD} or a negative errno if that is impossible. */
    public static int reopen(Syscalls sys, ChannelLease lease, int flags) {
        closeKept();
        return mayBeHeld(lease) ? HELD : sys.open("/proc/self/fd/" + lease.fd(), flags | C.O_CLOEXEC, 0);
    }

    /** Closes a second descriptor of a lease's file, now or as soon as the close drops no lock. */
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

    /** Closes kept descriptors whose locks are gone. Called whenever another descriptor is opened or closed. */
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
