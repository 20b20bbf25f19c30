package io.zerocopy.linux.internal;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.OpenFiles;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

/** {@link OpenFiles} by the descriptors of channels. */
final class DescriptorFiles implements OpenFiles {
    private static final int MODE = 07777;

    private final Syscalls sys;
    private final Descriptors descriptors;

    DescriptorFiles(Syscalls sys, Descriptors descriptors) {
        this.sys = sys;
        this.descriptors = descriptors;
    }

    private Handle handle(Channel channel) throws ClosedChannelException {
        Handle handle = descriptors.handle(channel);
        if (handle == null) {
            throw new ClosedChannelException(); // while it was open it had one
        }
        return handle;
    }

    @Override
    public int mode(Channel open) throws IOException {
        return handle(open).inode().mode() & MODE;
    }

    @Override
    public boolean isRegular(Channel open) {
        Handle handle = descriptors.handle(open);
        return handle != null && handle.inode().is(C.S_IFREG);
    }

    @Override
    public void copyAttributes(Channel source, Channel target, int mode, boolean all) throws IOException {
        if (!all && !Attributes.hasSpecial(mode)) {
            return;
        }
        Handle from = handle(source);
        Handle to = handle(target);
        synchronized (from.closeLock()) {
            synchronized (to.closeLock()) {
                if (!source.isOpen() || !target.isOpen()) {
                    throw new ClosedChannelException();
                }
                Attributes attributes = new Attributes(sys, from.fd(), to.fd());
                if (all) {
                    attributes.copy(mode);
                } else {
                    attributes.copySpecial(mode);
                }
            }
        }
    }

    @Override
    public void remove(Path name, Channel made) {
        Handle handle = descriptors.handle(made);
        if (handle == null) {
            return;
        }
        try {
            CName[] names = CName.split(name.toAbsolutePath());
            try (Folder folder = Folder.of(sys, names[0], name)) {
                if (!folder.isSure()) {
                    makeRoom(handle, made);
                }
                folder.remove(names[1], handle.inode(), name);
            }
        } catch (IOException cannotBe) {
            // then it stays, which harms nobody
        }
    }

    /** A private folder needs room, which the file may have used up: what is to be removed needs no bytes. */
    private void makeRoom(Handle handle, Channel made) {
        synchronized (handle.closeLock()) {
            if (made.isOpen() && handle.writable() && handle.inode().is(C.S_IFREG)) {
                sys.ftruncate(handle.fd(), 0);
            }
        }
    }

    @Override
    public Staged stage(Path target, int permissions) throws IOException {
        return StagedDescriptor.open(sys, descriptors, target, permissions);
    }
}
