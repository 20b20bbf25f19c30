package io.zerocopy.internal.path;

import io.zerocopy.internal.file.FileNames;
import io.zerocopy.internal.file.SureFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Objects;
import java.util.Set;

/**
 * A file that is created by the JDK alone, whose attributes can be read and changed only by name. It is created in one
 * of these places:
 *
 * <table>
 * <caption>Places</caption>
 * <tr><td>a copy with attributes, with set-id bits, or that appears only when it is complete</td><td>a private folder
 * beside the target</td></tr>
 * <tr><td>a plain copy, in a folder that others may write to</td><td>the same</td></tr>
 * <tr><td>a plain copy, in a {@linkplain SureFolder#isSure sure} folder</td><td>under its own name</td></tr>
 * <tr><td>if the JDK has no {@code SecureDirectoryStream}, or the folder's owner cannot be found out</td><td>under its
 * own name, or one that begins with {@value SureFolder#PREFIX}; owner and set-id bits are then not set</td></tr>
 * <tr><td>if another user has replaced the private folder</td><td>the same; no attributes are then set, and an
 * incomplete file stays</td></tr>
 * </table>
 */
final class NamedFile implements MadeFile {
    private static final Set<OpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final Path target;
    private final SureFolder folder; // the folder of the target, or null
    private SureFolder place; // the sure folder in which the file is, or null
    private Path name; // the file's name in that folder
    private Path path; // the whole path of the file
    private SeekableByteChannel channel;
    private Object key;
    private boolean complete;

    private NamedFile(Path target, SureFolder folder) {
        this.target = target;
        this.folder = folder;
        this.path = target;
        this.name = target.getFileName();
    }

    static NamedFile make(Path target, int mode, CopyOptions options) throws IOException {
        Path parent = target.toAbsolutePath().getParent();
        NamedFile made = new NamedFile(target, SureFolder.of(parent));
        boolean opened = false;
        try {
            boolean special = mode != FileMode.NONE && (mode & FileMode.SPECIAL) != 0;
            made.choosePlace(options.atomic(), options.atomic() || options.attributes() || special);
            made.open(mode);
            opened = true;
            return made;
        } catch (NoSuchFileException noDirectory) {
            throw new NoSuchFileException(target.toString());
        } finally {
            if (!opened) {
                made.close();
            }
        }
    }

    private void choosePlace(boolean staged, boolean apart) throws IOException {
        if (folder != null && folder.isSure() && !apart) {
            place = folder;
            return;
        }
        place = folder == null ? null : folder.inner();
        if (place != null) {
            name = SureFolder.randomName(target);
            path = place.path().resolve(name);
        } else if (staged) {
            path = target.resolveSibling(SureFolder.randomName(target));
        }
    }

    private void open(int mode) throws IOException {
        channel = place != null
                ? place.stream().newByteChannel(name, NEW, FileMode.attributes(mode))
                : Files.newByteChannel(path, NEW, FileMode.attributes(mode));
        key = isKeyed() ? key() : null;
    }

    /**
     * Whether the file's identity is checked: not on other file systems than the default one, which may not show a file
     * before it is closed, and where attacks by other users are not expected.
     */
    private boolean isKeyed() {
        return target.getFileSystem() == FileSystems.getDefault();
    }

    private Object key() throws IOException {
        return place != null
                ? place.key(name)
                : Files.readAttributes(path, BasicFileAttributes.class, FileNames.notFollowing(path))
                        .fileKey();
    }

    /**
     * Whether other users may change names in its folder. Then the name may lead to their file, which must get no
     * attributes.
     */
    private boolean isAnybodys() throws IOException {
        if (place != null || !isKeyed() || !SureFolder.canBeSure()) {
            return false;
        }
        Path parent = path.toAbsolutePath().getParent();
        return folder != null || !SureFolder.isKept(parent); // a folder that may not be read cannot be opened
    }

    private void requireSame() throws IOException {
        if (isKeyed() && !Objects.equals(key, key())) {
            throw new FileSystemException(target.toString(), null, "another file took its place meanwhile");
        }
    }

    @Override
    public WritableByteChannel channel() {
        return channel;
    }

    @Override
    public void copyAttributes(CopySource source, boolean all) throws IOException {
        channel.close(); // an error of the close is an error of the copy
        CopySource.Named from = source.named();
        boolean owned = false;
        if (isAnybodys()) {
            return; // the private folder was replaced, or the file system has no owners
        }
        if (all) {
            requireSame();
            if (from.basic().isRegularFile()) { // reading the attributes of any other kind opens it, which may wait
                copyUserDefined(from);
            }
            SureFolder around = place != null ? place : folder;
            BasicFileAttributeView times = around != null
                    ? around.view(path.getFileName(), BasicFileAttributeView.class)
                    : Files.getFileAttributeView(path, BasicFileAttributeView.class, FileNames.notFollowing(path));
            times.setTimes(
                    from.basic().lastModifiedTime(),
                    from.basic().lastAccessTime(),
                    from.basic().creationTime());
            owned = copyPosix(from);
        }
        giveSpecialBits(source, all, owned);
    }

    /**
     * Sets the owner first, because the permissions are meant for the source's owner and group. If the user may not
     * change the owner, the file keeps the permissions that it was created with, which the umask has limited.
     *
     * @return whether all of them were given
     */
    private boolean copyPosix(CopySource.Named from) {
        if (place == null || from.posix() == null || !from.isSure()) {
            return false;
        }
        try {
            PosixFileAttributeView to = place.view(name, PosixFileAttributeView.class);
            to.setOwner(from.posix().owner());
            to.setGroup(from.posix().group());
            to.setPermissions(from.posix().permissions());
            return true;
        } catch (IOException notAllowed) {
            return false; // only the superuser may change the owner; Files.copy ignores this, too
        }
    }

    /**
     * Sets these bits last, when all bytes are written. Set-id bits are set only if owner and group are those of the
     * source. An unprivileged writer loses set-id bits, unless all attributes could be set.
     */
    private void giveSpecialBits(CopySource source, boolean all, boolean owned) {
        int bits = source.mode() == FileMode.NONE ? 0 : source.mode() & FileMode.SPECIAL;
        if (bits == 0 || place == null || !source.named().isSure()) {
            return;
        }
        try {
            PosixFileAttributes own =
                    place.view(name, PosixFileAttributeView.class).readAttributes();
            PosixFileAttributes from = source.named().posix();
            boolean same = own.owner().equals(from.owner()) && own.group().equals(from.group());
            boolean kept = all ? owned : own.size() == 0 || (int) Files.getAttribute(path, "unix:uid") == 0;
            int given = same && kept ? bits : bits & ~FileMode.SET_ID;
            if (given != 0) {
                int mode = FileMode.of(own.permissions()) | given;
                Files.setAttribute(path, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS); // others cannot guess this path
            }
        } catch (IOException | RuntimeException notAllowed) {
            // a copy without these bits is safe
        }
    }

    private void copyUserDefined(CopySource.Named source) {
        try {
            var from = Files.getFileAttributeView(source.path(), UserDefinedFileAttributeView.class, source.links());
            var to = Files.getFileAttributeView(path, UserDefinedFileAttributeView.class, FileNames.notFollowing(path));
            if (from == null || to == null || (place != null && !source.isSure())) {
                return;
            }
            for (String attribute : from.list()) {
                ByteBuffer value = ByteBuffer.allocate(from.size(attribute));
                from.read(attribute, value);
                to.write(attribute, value.flip());
            }
        } catch (IOException notSupported) {
            // the file system has no user attributes
        }
    }

    @Override
    public void complete(boolean replace) throws IOException {
        channel.close();
        if (place == folder && place != null || path.equals(target)) {
            complete = true;
            return;
        }
        requireSame();
        if (replace || !linked()) {
            if (place != null) {
                place.stream().move(name, folder.stream(), target.getFileName());
            } else {
                Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
            }
            complete = true;
        }
    }

    /**
     * Links the file to the target name; false if the file system has no links. The caller then replaces a file that
     * appears at this moment.
     */
    private boolean linked() throws IOException {
        try {
            Files.createLink(target, path);
        } catch (FileAlreadyExistsException appeared) {
            throw appeared;
        } catch (UnsupportedOperationException | FileSystemException noLinks) {
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            return false;
        }
        if (folder != null && !Objects.equals(key, folder.key(target.getFileName()))) {
            throw new FileSystemException(
                    target.toString(), null, "another file was put in the place of the copy meanwhile");
        }
        return true; // the old name is removed because the file does not count as complete
    }

    /**
     * Removes an incomplete file, if the name still leads to the file that was created and not to another user's file.
     */
    private void remove() throws IOException {
        boolean guessed = path.equals(target); // no other user has a random name, even if its folder was moved
        if ((guessed && isAnybodys()) || (isKeyed() && !Objects.equals(key, key()))) {
            return;
        }
        if (place != null) {
            place.stream().deleteFile(name);
        } else {
            Files.deleteIfExists(path);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (!complete && channel != null) {
                remove();
            }
        } finally {
            closeAll();
        }
    }

    private void closeAll() throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            try {
                if (place != null && place != folder) {
                    place.close();
                }
            } finally {
                if (folder != null) {
                    folder.close();
                }
            }
        }
    }
}
