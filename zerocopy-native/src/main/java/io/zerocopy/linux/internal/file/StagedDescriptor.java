package io.zerocopy.linux.internal.file;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.errno.NameFailure;
import io.zerocopy.linux.internal.errno.Outcome;
import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.fd.LeaseCache;
import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.sys.Abi;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.CName;
import io.zerocopy.spi.OpenFiles;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.function.IntFunction;

/**
 * A file that has no name while it is written ({@code O_TMPFILE}, see open(2)): nobody can put another one in its place,
 * and nothing is left of it if the process is killed. How it gets its name:
 *
 * <table>
 * <caption>Ways to a name</caption>
 * <tr><td>nothing has that name</td><td>linkat(2) of the descriptor</td></tr>
 * <tr><td>another file is to be replaced</td><td>linkat into a private folder beside it, from there renameat(2)</td></tr>
 * <tr><td>a file system without {@code O_TMPFILE}, or no /proc</td><td>the file is made in a private folder, and linked or
 * renamed from there</td></tr>
 * </table>
 *
 * <p>A private folder is a {@link Folder#inner} one. If its owner is not the user who made it (a file system without
 * owners, or one that maps the superuser to nobody), the name is checked afterwards: if it stands for another file, an
 * exception says so.
 */
final class StagedDescriptor implements OpenFiles.Staged {
    private static final CName HERE = CName.ascii(".");

    private final Path target;
    private final CName name;
    private final Folder folder;
    private final CName inside = Folder.freshName(); // the name in the private folder
    private Folder inner; // null as long as the file has no name
    private WritableByteChannel channel;
    private int fd = -1;
    private FileStatus status;

    private StagedDescriptor(Path target, CName name, Folder folder) {
        this.target = target;
        this.name = name;
        this.folder = folder;
    }

    static StagedDescriptor open(
            Syscalls sys,
            LeaseCache leases,
            IntFunction<? extends WritableByteChannel> owning,
            Path target,
            int permissions)
            throws IOException {
        CName[] names = CName.split(target.toAbsolutePath());
        StagedDescriptor staged = new StagedDescriptor(target, names[1], Folder.of(sys, names[0], target));
        boolean complete = false;
        try {
            staged.make(sys, permissions);
            staged.adopt(sys, leases, owning);
            complete = true;
            return staged;
        } finally {
            if (!complete) {
                staged.close();
            }
        }
    }

    private void make(Syscalls sys, int permissions) throws IOException {
        int flags = C.O_WRONLY | C.O_CLOEXEC;
        fd = folder.open(HERE, flags | Abi.current().O_TMPFILE(), permissions);
        boolean unlinkable = fd >= 0 && !Folder.canLink(sys, fd);
        if (unlinkable) {
            sys.close(fd);
        }
        if (unlinkable || ErrnoTable.isWithoutFlag(Call.OPEN_UNNAMED, fd)) {
            inner = folder.inner(target);
            fd = inner.open(inside, flags | C.O_CREAT | C.O_EXCL, permissions);
        }
        if (fd < 0) {
            throw NameFailure.of("open", fd, target);
        }
    }

    /** Whether a link was refused because the name is taken. */
    private static boolean isTaken(int linked) {
        return linked < 0 && ErrnoTable.of(Call.LINK, linked, false) == Outcome.EXISTS;
    }

    private void adopt(Syscalls sys, LeaseCache leases, IntFunction<? extends WritableByteChannel> owning)
            throws IOException {
        try {
            WritableByteChannel own = owning.apply(fd);
            channel = own;
            ChannelLease lease = leases.lease(own);
            status = (lease != null ? lease : leases.adopt(own, fd)).inode();
        } catch (IllegalArgumentException unknown) {
            if (channel == null) {
                sys.close(fd);
            }
            throw new FileSystemException(target.toString(), null, unknown.getMessage());
        }
    }

    @Override
    public WritableByteChannel channel() {
        return channel;
    }

    @Override
    public void publish(boolean replace) throws IOException {
        if (inner == null) {
            int linked = folder.link(fd, name);
            if (!isTaken(linked) || !replace) {
                check("link", linked);
                return;
            }
            inner = folder.inner(target);
            check("link", inner.link(fd, inside));
        }
        if (replace) {
            check("rename", inner.rename(inside, folder, name));
        } else {
            nameNew();
        }
        if (!inner.isSure() && !Boolean.TRUE.equals(folder.isName(name, status))) {
            throw new FileSystemException(
                    target.toString(), null, "another file was put in the place of the copy meanwhile");
        }
    }

    /** Moves the file out of the private folder and replaces no file: by a link, else by a rename with that flag. */
    private void nameNew() throws IOException {
        int linked = inner.link(inside, folder, name);
        if (linked >= 0) {
            inner.unlink(inside);
            return;
        }
        if (isTaken(linked)) {
            check("link", linked);
        }
        int renamed = inner.renameNew(inside, folder, name);
        if (ErrnoTable.isWithoutFlag(Call.RENAME_NEW, renamed)) {
            if (folder.isName(name, status) != null) {
                throw new FileAlreadyExistsException(target.toString());
            }
            renamed = inner.rename(inside, folder, name); // a file that appears at this moment is replaced
        }
        check("rename", renamed);
    }

    private void check(String call, int result) throws IOException {
        if (result < 0) {
            throw NameFailure.of(call, result, target);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (inner != null) {
                if (inner.isSure() || (status == null ? fd >= 0 : Boolean.TRUE.equals(inner.isName(inside, status)))) {
                    inner.unlink(inside); // unless it has moved
                }
                inner.close();
            }
        } finally {
            folder.close();
            if (channel != null) {
                channel.close();
            }
        }
    }
}
