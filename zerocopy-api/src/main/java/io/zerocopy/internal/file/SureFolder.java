package io.zerocopy.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * A folder that the JDK has opened, for operations on names without the native part. The JDK cannot find out the file
 * of an open channel, so a name is safe only if its folder is: a folder that belongs to this process's user or to the
 * superuser, and that no other user may write to. In any other folder, a {@linkplain #inner private one} is created.
 * Its names are random, because some calls of the JDK need a whole path: that path leads to the created file or to no
 * file.
 */
public final class SureFolder implements Closeable {
    static final String PREFIX = ".zerocopy-";

    /** Appended to the name of a folder, so that the system refuses a FIFO; the JDK would wait for its other end. */
    private static final String HERE = ".";

    private static final int MAX_LINKS = 40; // the limit of Linux
    private static final int STICKY = 01000;

    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
    private static final Set<PosixFilePermission> OTHERS_WRITE =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private final Path path;
    private final SecureDirectoryStream<Path> stream;
    private final SureFolder parent; // of a private folder, otherwise null
    private final boolean sure;

    private SureFolder(Path path, SecureDirectoryStream<Path> stream, SureFolder parent) throws IOException {
        this.path = path;
        this.stream = stream;
        this.parent = parent;
        PosixFileAttributes own =
                stream.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
        boolean others = !Collections.disjoint(own.permissions(), OTHERS_WRITE);
        this.sure = !others && Users.isTrusted(own.owner(), parent == null);
    }

    /** Users of this system. If they cannot be found out, no folder is sure. */
    private static final class Users {
        private static final UserPrincipal SELF = ownerOf("/proc/self");
        private static final UserPrincipal SUPERUSER = ownerOf("/proc");

        private static UserPrincipal ownerOf(String name) {
            try {
                return Files.getOwner(Path.of(name));
            } catch (IOException | RuntimeException unknown) {
                return null;
            }
        }

        static boolean isTrusted(UserPrincipal owner, boolean superuserToo) {
            return SELF != null && (owner.equals(SELF) || (superuserToo && owner.equals(SUPERUSER)));
        }
    }

    /**
     * Opens a folder; null if the JDK does not support this, or may not read the folder. Throws on a temporary failure,
     * such as {@code EMFILE}, so that the caller does not use names instead.
     */
    public static SureFolder of(Path folder) throws IOException {
        if (folder == null || folder.getFileSystem() != FileSystems.getDefault() || !FileNames.isPosix(folder)) {
            return null;
        }
        DirectoryStream<Path> opened;
        try {
            opened = Files.newDirectoryStream(folder.resolve(HERE));
        } catch (AccessDeniedException | NoSuchFileException | NotDirectoryException notToBeRead) {
            return null; // the call that creates the file will report the reason
        }
        return of(folder, opened, null);
    }

    static SureFolder of(Path folder, DirectoryStream<Path> opened, SureFolder parent) throws IOException {
        if (!(opened instanceof SecureDirectoryStream<Path> secure)) {
            opened.close();
            return null;
        }
        try {
            return new SureFolder(folder, secure, parent);
        } catch (IOException | RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    /** Initialised with the first random name: this takes longer than a first copy, and few copies need such a name. */
    private static final class Random {
        static final SecureRandom SOURCE = new SecureRandom();
    }

    public static Path randomName(Path beside) {
        return beside.getFileSystem().getPath(PREFIX + Long.toHexString(Random.SOURCE.nextLong()));
    }

    /** Creates a folder in this one that no other user may write to; null if this cannot be guaranteed. */
    public SureFolder inner() throws IOException {
        Path name = randomName(path);
        Path made = path.resolve(name);
        Files.createDirectory(made, PosixFilePermissions.asFileAttribute(OWNERS));
        SureFolder inner = null;
        boolean ours = false;
        try {
            inner = of(made, stream.newDirectoryStream(name.resolve(HERE)), this);
            ours = inner != null
                    && inner.sure
                    && inner.isPrivate()
                    && inner.own().equals(key(name));
        } catch (AccessDeniedException | NoSuchFileException | NotDirectoryException replaced) {
            return null;
        } catch (IOException failed) { // such as EMFILE; the new folder must not stay
            removeEmpty(name, failed);
            throw failed;
        } finally {
            if (inner != null && !ours) {
                inner.stream.close(); // its name is not removed, because it may belong to another user's folder
            }
        }
        return ours ? inner : null;
    }

    private void removeEmpty(Path name, IOException because) {
        try {
            stream.deleteDirectory(name);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    /** Whether no other user can read the names in this folder. */
    private boolean isPrivate() throws IOException {
        return OWNERS.containsAll(stream.getFileAttributeView(PosixFileAttributeView.class)
                .readAttributes()
                .permissions());
    }

    /** The identity of this folder. */
    private Object own() throws IOException {
        return stream.getFileAttributeView(BasicFileAttributeView.class)
                .readAttributes()
                .fileKey();
    }

    /**
     * Whether no other user can have changed the folder that a name leads to. Each folder on the way belongs to this
     * process's user or to the superuser, and either no other user may write to it, or its sticky bit keeps other users
     * from renaming files that are not theirs.
     */
    public static boolean isKept(Path folder) throws IOException {
        return isKept(folder.toAbsolutePath(), MAX_LINKS);
    }

    /** Whether no other user can have changed the file that a name leads to; links are followed first. */
    public static boolean isNameKept(Path file) throws IOException {
        Path real = Files.isSymbolicLink(file) ? file.toRealPath() : file.toAbsolutePath();
        Path parent = real.getParent();
        if (parent == null || !isKept(file.toAbsolutePath().getParent()) || !isKept(parent)) {
            return false;
        }
        boolean others = Files.getPosixFilePermissions(parent).stream().anyMatch(OTHERS_WRITE::contains);
        return !others || Users.isTrusted(Files.getOwner(real, LinkOption.NOFOLLOW_LINKS), true);
    }

    private static boolean isKept(Path folder, int links) throws IOException {
        Path at = folder.getRoot();
        for (int i = 0; i <= folder.getNameCount(); i++) {
            PosixFileAttributes found = Files.readAttributes(at, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!Users.isTrusted(found.owner(), true)) {
                return false;
            }
            if (found.isSymbolicLink()) {
                Path led = at.resolveSibling(Files.readSymbolicLink(at));
                Path whole = i < folder.getNameCount() ? led.resolve(folder.subpath(i, folder.getNameCount())) : led;
                return links > 0 && isKept(whole, links - 1);
            }
            boolean others = !Collections.disjoint(found.permissions(), OTHERS_WRITE);
            if (others && ((int) Files.getAttribute(at, "unix:mode", LinkOption.NOFOLLOW_LINKS) & STICKY) == 0) {
                return false;
            }
            if (i < folder.getNameCount()) {
                at = at.resolve(folder.getName(i));
            }
        }
        return true;
    }

    /**
     * Whether the owner of a folder can be found out. If not, no folder is sure, and it is unknown whether other users
     * can write to one.
     */
    public static boolean canBeSure() {
        return Users.SELF != null;
    }

    public boolean isSure() {
        return sure;
    }

    public Path path() {
        return path;
    }

    public SecureDirectoryStream<Path> stream() {
        return stream;
    }

    public <V extends FileAttributeView> V view(Path name, Class<V> type) {
        return stream.getFileAttributeView(name, type, LinkOption.NOFOLLOW_LINKS);
    }

    /** The identity of the file with a name. */
    public Object key(Path name) throws IOException {
        return view(name, BasicFileAttributeView.class).readAttributes().fileKey();
    }

    /** Removes a private folder, which must be empty. */
    @Override
    public void close() throws IOException {
        try {
            if (parent != null) {
                if (own().equals(parent.key(path.getFileName()))) {
                    parent.stream.deleteDirectory(path.getFileName());
                }
            }
        } finally {
            stream.close();
        }
    }
}
