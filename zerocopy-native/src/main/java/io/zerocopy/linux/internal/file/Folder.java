package io.zerocopy.linux.internal.file;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.errno.NameFailure;
import io.zerocopy.linux.internal.errno.Outcome;
import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.sys.Abi;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.CName;
import io.zerocopy.linux.sys.memory.Memory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An open folder. Names in it are looked up in this folder, even if the folder's own name stands for another one by
 * now.
 *
 * <p>A user who may write to a folder may put another file in the place of any name in it. Only a
 * {@linkplain #isSure sure} folder keeps its names: it belongs to this process's user, and nobody else may write to it.
 * If the named folder is not sure, a {@linkplain #inner private folder} in it is: it is made with mode 0700, opened,
 * and checked to be the one that was made. A file in it can be compared, removed, or moved out by rename(2), and nobody
 * can interfere.
 */
final class Folder implements Closeable {
    static final String PREFIX = ".zerocopy-";

    private static final int TO_LOOK = C.O_PATH | C.O_CLOEXEC;
    private static final int SECOND = 8192; // offset of a second name in the memory

    private final Syscalls sys;
    private final int fd;
    private final Folder parent; // of a private folder, else null
    private final CName name; // in the parent
    private final Status status; // null if the kernel does not tell
    private final boolean sure;

    private Folder(Syscalls sys, int fd, Folder parent, CName name) {
        this.sys = sys;
        this.fd = fd;
        this.parent = parent;
        this.name = name;
        this.status = status(fd);
        this.sure = status != null && status.isFolderOf(sys.geteuid());
    }

    /** Opens the folder of a name; links in the path are followed, as everywhere in the JDK. */
    static Folder of(Syscalls sys, CName folder, Path told) throws IOException {
        int fd = at(
                folder,
                address ->
                        sys.openat(C.AT_FDCWD, address, TO_LOOK | Abi.current().O_DIRECTORY(), 0));
        if (fd < 0) {
            throw NameFailure.of("open", fd, told);
        }
        return new Folder(sys, fd, null, null);
    }

    /** Makes a folder inside that nobody else may write to. */
    Folder inner(Path told) throws IOException {
        while (true) {
            CName fresh = freshName();
            int made = at(fresh, address -> sys.mkdirat(fd, address, 0700));
            if (made < 0 && ErrnoTable.of(Call.MKDIR, made, false) == Outcome.RETRY) {
                continue;
            }
            int flags = TO_LOOK | Abi.current().O_DIRECTORY() | Abi.current().O_NOFOLLOW();
            int opened = made < 0 ? made : at(fresh, address -> sys.openat(fd, address, flags, 0));
            if (opened < 0) {
                if (made >= 0) {
                    removeEmpty(fresh);
                }
                throw NameFailure.of(made < 0 ? "mkdir" : "open", opened, told);
            }
            return new Folder(sys, opened, this, fresh);
        }
    }

    /**
     * A name that no file has. Names in a private folder are fresh too: somebody may have replaced the new folder by an
     * older one of the same user, which is full of that user's files.
     */
    static CName freshName() {
        return CName.ascii(PREFIX + Long.toHexString(ThreadLocalRandom.current().nextLong()));
    }

    private void removeEmpty(CName inside) {
        at(inside, address -> sys.unlinkat(fd, address, C.AT_REMOVEDIR));
    }

    /** Whether nobody else can change names in here. */
    boolean isSure() {
        return sure;
    }

    /** Asks twice if necessary: a file that cannot be identified stays where it is. */
    private Status status(int opened) {
        Memory memory = Memory.take();
        try {
            return Status.of(sys, opened, memory);
        } catch (IOException refused) {
            return again(opened, memory);
        } finally {
            memory.release();
        }
    }

    private Status again(int opened, Memory memory) {
        try {
            return Status.of(sys, opened, memory);
        } catch (IOException refused) {
            return null;
        }
    }

    /** Whether a name stands for a file, no link followed; null if the name does not exist. */
    Boolean isName(CName name, FileStatus file) {
        int opened = open(name, TO_LOOK | Abi.current().O_NOFOLLOW(), 0);
        if (opened < 0) {
            return ErrnoTable.isMissing(Call.LOOK_UP, opened) ? null : Boolean.FALSE;
        }
        Status status = status(opened);
        sys.close(opened);
        return status != null && status.is(file);
    }

    /** See openat(2). */
    int open(CName name, int flags, int mode) {
        return at(name, address -> sys.openat(fd, address, flags, mode));
    }

    /** See unlinkat(2). */
    int unlink(CName name) {
        return at(name, address -> sys.unlinkat(fd, address, 0));
    }

    /** Moves a name to another folder, where it replaces an existing file. */
    int rename(CName from, Folder to, CName target) {
        return both(from, target, (a, b) -> sys.renameat(fd, a, to.fd, b));
    }

    /** Moves a name to another folder, unless the target name exists. */
    int renameNew(CName from, Folder to, CName target) {
        return both(from, target, (a, b) -> sys.renameat2(fd, a, to.fd, b, C.RENAME_NOREPLACE));
    }

    /** Gives a file in here a further name. */
    int link(CName from, Folder to, CName target) {
        return both(from, target, (a, b) -> sys.linkat(fd, a, to.fd, b, 0));
    }

    /** Gives an open file a name in here. */
    int link(int open, CName target) {
        return both(ofDescriptor(open), target, (a, b) -> sys.linkat(C.AT_FDCWD, a, fd, b, C.AT_SYMLINK_FOLLOW));
    }

    /** Whether {@link #link(int, CName)} can work: only if /proc is mounted. */
    static boolean canLink(Syscalls sys, int open) {
        Memory memory = Memory.take();
        try {
            return FileStatus.look(sys, procName(open), memory) >= 0;
        } finally {
            memory.release();
        }
    }

    private static String procName(int open) {
        return "/proc/self/fd/" + open;
    }

    private static CName ofDescriptor(int open) {
        return CName.ascii(procName(open));
    }

    /**
     * Removes a name that stands for a file. If somebody else may change names here, the name is moved to a private
     * folder first, so that the file that was checked is the one that is removed; another user's file is put back.
     */
    void remove(CName name, FileStatus file, Path told) throws IOException {
        if (!Boolean.TRUE.equals(isName(name, file))) {
            return;
        }
        if (sure) {
            unlink(name);
            return;
        }
        try (Folder inner = inner(told)) {
            CName inside = freshName();
            if (!inner.sure || rename(name, inner, inside) < 0) {
                return;
            }
            if (Boolean.TRUE.equals(inner.isName(inside, file))) {
                inner.unlink(inside);
            } else if (inner.renameNew(inside, this, name) < 0 && inner.link(inside, this, name) >= 0) {
                inner.unlink(inside); // in a kernel or a C library without the call
            }
        }
    }

    private interface OfName {
        int to(long address);
    }

    private interface OfNames {
        int to(long first, long second);
    }

    private static int at(CName name, OfName call) {
        return both(name, name, (first, second) -> call.to(first));
    }

    private static int both(CName first, CName second, OfNames call) {
        Memory memory = Memory.take();
        try {
            return call.to(first.put(memory, 0), second.put(memory, SECOND));
        } finally {
            memory.release();
        }
    }

    /**
     * Removes a private folder. Only an empty folder can be removed, so no file is lost even if another folder has its
     * name by then.
     */
    @Override
    public void close() {
        if (parent != null) {
            if (status != null
                    && parent.isName(name, new FileStatus(0, status.device(), status.number(), 0, 0, 0, 0))) {
                parent.removeEmpty(name);
            }
        }
        sys.close(fd);
    }
}
