package io.zerocopy.tests.servers.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The name of a Unix-domain socket that was bound by this process. It is removed only while it still stands for that
 * socket. Between the look and the removal somebody else may take the name, if he may write to the folder: bind in one
 * that he may not write to.
 */
public final class BoundName {
    private final Path path;
    private final Object key;

    /**
     * Remembers which file a name stands for.
     *
     * @param path the name, bound just now
     * @throws IOException if it cannot be looked at
     */
    public BoundName(Path path) throws IOException {
        this.path = path;
        this.key = key(path);
    }

    private static Object key(Path path) throws IOException {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return found.isOther() ? found.fileKey() : null; // a socket is neither file, folder nor link
    }

    /**
     * Removes the name, unless it has come to stand for something else.
     *
     * @throws IOException if it cannot be removed
     */
    public void remove() throws IOException {
        try {
            if (key != null && key.equals(key(path))) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException gone) {
            // somebody was faster
        }
    }

    /** As {@link #remove}, at the end of the process, where nobody hears of a failure. */
    public void removeQuietly() {
        try {
            remove();
        } catch (IOException kept) {
            // it stays
        }
    }
}
