package io.zerocopy.linux.internal.file;

import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.fd.LeaseCache;
import io.zerocopy.linux.internal.fd.LeaseUse;
import io.zerocopy.linux.sys.Abi;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.CName;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.spi.OpenFiles;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;

/** {@link OpenFiles} by the descriptors of channels. */
public final class DescriptorFiles implements OpenFiles {
    private static final int MODE = 07777;

    private final Syscalls sys;
    private final LeaseCache leases;
    private final IntFunction<? extends WritableByteChannel> owning;

    /** @param owning makes a channel that closes the descriptor which it is given, as the public class does */
    public DescriptorFiles(Syscalls sys, LeaseCache leases, IntFunction<? extends WritableByteChannel> owning) {
        this.sys = sys;
        this.leases = leases;
        this.owning = owning;
    }

    private ChannelLease lease(Channel channel) throws ClosedChannelException {
        ChannelLease lease = leases.lease(channel);
        if (lease == null) {
            throw new ClosedChannelException(); // while it was open it had a descriptor
        }
        return lease;
    }

    @Override
    public int mode(Channel open) throws IOException {
        return lease(open).inode().mode() & MODE;
    }

    @Override
    public boolean isRegular(Channel open) {
        ChannelLease lease = leases.lease(open);
        return lease != null && lease.inode().is(C.S_IFREG);
    }

    @Override
    public boolean copyAttributes(Channel source, Channel target, int mode, boolean all) throws IOException {
        if (!all && !Attributes.hasSpecial(mode)) {
            return false;
        }
        ChannelLease from = lease(source);
        ChannelLease to = lease(target);
        return ChannelLease.call(new LeaseUse(source, from), false, new LeaseUse(target, to), false, () -> {
                    Attributes attributes = new Attributes(sys, from.fd(), to.fd());
                    if (all) {
                        return attributes.copy(mode) ? 1 : 0;
                    }
                    attributes.copySpecial(mode);
                    return 0;
                })
                == 1;
    }

    @Override
    public void permitAsNew(Path name, Channel made, int permissions) throws IOException {
        ChannelLease lease = lease(made);
        int found = ofNew(name, permissions);
        if (found >= 0) {
            lease.callIfOpen(made, () -> sys.fchmod(lease.fd(), found));
        }
    }

    /**
     * The permissions that a file without a name, which nobody can open, gets in that folder; negative if there is no
     * such file.
     */
    private int ofNew(Path name, int permissions) throws IOException {
        Memory memory = Memory.take();
        try (Folder folder = Folder.of(sys, CName.split(name.toAbsolutePath())[0], name)) {
            int flags = C.O_WRONLY | C.O_CLOEXEC | Abi.current().O_TMPFILE();
            int fd = folder.open(CName.ascii("."), flags, permissions);
            if (fd < 0) {
                return umask() < 0 ? fd : permissions & ~umask();
            }
            try {
                return Status.of(sys, fd, memory).permissions();
            } finally {
                sys.close(fd);
            }
        } finally {
            memory.release();
        }
    }

    /** Read as proc(5) shows it since Linux 4.7, because umask(2) would change it for all threads. */
    private static int umask() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
            if (line.startsWith("Umask:")) {
                return Integer.parseInt(line.substring("Umask:".length()).trim(), 8);
            }
        }
        return -1;
    }

    @Override
    public void remove(Path name, Channel made) {
        ChannelLease lease = leases.lease(made);
        if (lease == null) {
            return;
        }
        try {
            CName[] names = CName.split(name.toAbsolutePath());
            try (Folder folder = Folder.of(sys, names[0], name)) {
                if (!folder.isSure()) {
                    makeRoom(lease, made);
                }
                folder.remove(names[1], lease.inode(), name);
            }
        } catch (IOException cannotBe) {
            // then the file stays, which does no harm
        }
    }

    /** A private folder needs room, which the file may have used up; a file that will be removed needs no bytes. */
    private void makeRoom(ChannelLease lease, Channel made) {
        if (lease.writable() && lease.inode().is(C.S_IFREG)) {
            lease.callIfOpen(made, () -> sys.ftruncate(lease.fd(), 0));
        }
    }

    @Override
    public OpenFolder folder(Path name) throws IOException {
        Folder folder = Folder.of(sys, CName.split(name.toAbsolutePath())[0], name);
        if (folder.hasPath()) {
            return folder;
        }
        folder.close();
        return null;
    }

    @Override
    public Staged stage(Path target, int permissions) throws IOException {
        return StagedDescriptor.open(sys, leases, owning, target, permissions);
    }
}
