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

/** Questions to names of files, and what is done to a name and not to the file. */
public final class FileNames {
    private FileNames() {}

    /**
     * Brings the name of a file to disk, which for a link is the name of what it leads to; a directory cannot be opened on
     * every platform, but on Linux it can.
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

    /** For a file that is to be the one of that name, and not one that a link leads to. */
    public static LinkOption[] notFollowing(Path path) {
        return path.getFileSystem() == FileSystems.getDefault()
                ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS}
                : new LinkOption[0]; // others need not know the option, and have no links as a rule
    }

    /** The same, to open it with. */
    public static Set<OpenOption> notFollowing(Path path, OpenOption option) {
        Set<OpenOption> options = new HashSet<>(Arrays.asList(notFollowing(path)));
        options.add(option);
        return options;
    }

    public static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
