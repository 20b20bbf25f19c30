package io.zerocopy.linux.internal.file;

import io.zerocopy.linux.internal.port.DescriptorPort;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Copies a file's attributes from one descriptor to another. The order, and the reason for each row:
 *
 * <table>
 * <caption>Order</caption>
 * <tr><td>user attributes</td><td>while the file is surely the copier's</td></tr>
 * <tr><td>times</td><td>likewise; nothing that follows changes them</td></tr>
 * <tr><td>owner and group</td><td>before the permissions, which are meant for them</td></tr>
 * <tr><td>permissions</td><td>only if the owner could be given: else it gets those of a new file, which the umask has a part in</td></tr>
 * <tr><td>set-id bits</td><td>last, and only if owner and group are those of the source</td></tr>
 * </table>
 *
 * <p>Only the extended attributes {@code user.*} are copied. Those of {@code security} and {@code trusted} give rights,
 * and access lists name users to whom the permissions of a copy need not give access.
 */
final class Attributes {
    private static final int SET_ID = C.S_ISUID | C.S_ISGID;
    private static final int SPECIAL = SET_ID | C.S_ISVTX;
    private static final String USER = "user.";

    private final Syscalls sys;
    private final int source;
    private final int target;

    Attributes(Syscalls sys, int source, int target) {
        this.sys = sys;
        this.source = source;
        this.target = target;
    }

    static boolean hasSpecial(int mode) {
        return (mode & SPECIAL) != 0;
    }

    /** Sets all attributes; false if owner or permissions could not be set. */
    boolean copy(int modeBefore) throws IOException {
        Memory memory = Memory.take();
        try {
            Status from = Status.of(sys, source, memory);
            if ((from.mode() & C.S_IFMT) == C.S_IFREG) {
                copyUser();
            }
            DescriptorPort.checked("futimens", sys.futimens(target, Status.times(memory)));
            if (sys.fchown(target, from.owner(), from.group()) < 0 || sys.fchmod(target, from.permissions()) < 0) {
                return false; // only the superuser may give files away; Files.copy also ignores this
            }
            giveSpecial(from, Status.of(sys, target, memory), modeBefore & from.mode() & SPECIAL);
            return true;
        } finally {
            memory.release();
        }
    }

    /**
     * Sets only the set-id and sticky bits. The kernel clears set-id bits of a file that a user without privileges
     * writes to; a file that such a user has written does not get them afterwards.
     */
    void copySpecial(int modeBefore) throws IOException {
        Memory memory = Memory.take();
        try {
            Status from = Status.of(sys, source, memory);
            Status to = Status.of(sys, target, memory);
            boolean kept = to.size() == 0 || sys.geteuid() == 0;
            giveSpecial(from, to, modeBefore & from.mode() & (kept ? SPECIAL : C.S_ISVTX));
        } finally {
            memory.release();
        }
    }

    /** A set-id bit says "run as this owner": a copy with another owner must not have it. */
    private void giveSpecial(Status from, Status to, int bits) {
        boolean same = from.owner() == to.owner() && from.group() == to.group();
        int given = same ? bits : bits & C.S_ISVTX;
        if (given != 0) {
            sys.fchmod(target, to.permissions() | given); // a copy without these bits is safe
        }
    }

    /** A file system without user attributes has none to lose: refused attributes are omitted. */
    private void copyUser() {
        long size = sys.flistxattr(source, 0, 0);
        if (size <= 0) {
            return;
        }
        ByteBuffer names = ByteBuffer.allocateDirect((int) size);
        size = sys.flistxattr(source, Memory.addressOf(names), names.capacity());
        byte[] all = new byte[(int) Math.max(0, size)];
        names.get(0, all);
        int start = 0;
        for (int end = 0; end < all.length; end++) {
            if (all[end] == 0) {
                if (new String(all, start, end - start, StandardCharsets.ISO_8859_1).startsWith(USER)) {
                    copyUser(Memory.addressOf(names) + start); // with the zero that ends it
                }
                start = end + 1;
            }
        }
    }

    private void copyUser(long name) {
        long size = sys.fgetxattr(source, name, 0, 0);
        if (size < 0) {
            return;
        }
        ByteBuffer value = ByteBuffer.allocateDirect((int) Math.max(1, size));
        size = sys.fgetxattr(source, name, Memory.addressOf(value), size);
        if (size >= 0) {
            sys.fsetxattr(target, name, Memory.addressOf(value), size, 0);
        }
    }
}
