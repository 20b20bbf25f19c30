package io.zerocopy.tests.servers.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The name of a Unix-domain socket that this process has bound. The name is removed only if it still belongs to that
 * socket. Between the check and the removal another process may take the name, if it may write to the folder: so bind
 * in a folder that others may not write to.
 */
public final class BoundName {
    private final Path path;
    private final Object key;

    /**
     * Records which file a name belongs to.
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
     * Removes the name, unless it belongs to another file now.
     *
     * @throws IOException if it cannot be removed
     */
    public void remove() throws IOException {
        try {
            if (key != null && key.equals(key(path))) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException gone) {
            // another process has removed it
        }
    }

    /** Like {@link #remove}, for the end of the process, when a failure can no longer be reported. */
    public void removeQuietly() {
        try {
            remove();
        } catch (IOException kept) {
            // it stays
        }
    }
}
