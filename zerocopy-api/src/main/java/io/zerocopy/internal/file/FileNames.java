package io.zerocopy.internal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Operations on the names of files, not on the files themselves. */
public final class FileNames {
    private FileNames() {}

    /**
     * Forces the name of a file to disk; for a link, the name of the link's target. Not every platform can open a
     * directory; Linux can.
     */
    public static void forceDirectory(Path path) throws IOException {
        if (path.getFileSystem() != FileSystems.getDefault() || !isPosix(path)) {
            return;
        }
        Path file = Files.isSymbolicLink(path) ? path.toRealPath() : path.toAbsolutePath();
        Path directory = file.getParent();
        if (directory != null) {
            try (FileChannel opened = FileChannel.open(directory.resolve("."), StandardOpenOption.READ)) {
                opened.force(true);
            }
        }
    }

    /** The link options for a file that is opened by its own name and not through a link. */
    public static LinkOption[] notFollowing(Path path) {
        return path.getFileSystem() == FileSystems.getDefault()
                ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS}
                : new LinkOption[0]; // others need not support the option, and usually have no links
    }

    /** The same, as options for opening the file. */
    public static Set<OpenOption> notFollowing(Path path, OpenOption option) {
        Set<OpenOption> options = new HashSet<>(Arrays.asList(notFollowing(path)));
        options.add(option);
        return options;
    }

    public static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
