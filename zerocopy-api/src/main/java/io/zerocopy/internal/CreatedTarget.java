package io.zerocopy.internal;

import io.zerocopy.spi.OpenFiles;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** A target that a run makes by opening it, and removes again if it could not write to it. */
final class CreatedTarget {
    private CreatedTarget() {}

    /**
     * Options that fail if a file has appeared since it was found missing, so that it is known who has made it; null where
     * the given ones make no file, or fail in that way anyway.
     */
    static OpenOption[] onlyNew(OpenOption[] given) {
        boolean mayCreate = Arrays.asList(given).contains(StandardOpenOption.CREATE);
        if (!mayCreate || Arrays.asList(given).contains(StandardOpenOption.CREATE_NEW)) {
            return null;
        }
        OpenOption[] all = Arrays.copyOf(given, given.length + 1);
        all[given.length] = StandardOpenOption.CREATE_NEW;
        return all;
    }

    /** Removes it if it is still empty. Where a name cannot be made sure to be that of the file, it stays. */
    static void discardEmpty(Providers providers, Path path, Channel made, Target port) throws IOException {
        OpenFiles files = providers.openFiles(made);
        if (files != null) {
            if (port != null && port.size() == 0) {
                files.remove(path, made);
            }
            return;
        }
        if (path.getFileSystem() != FileSystems.getDefault() || !Paths.isPosix(path)) {
            if (Files.size(path) == 0) {
                Files.deleteIfExists(path);
            }
            return;
        }
        try (SureFolder folder = SureFolder.of(path.toAbsolutePath().getParent())) {
            if (folder != null && folder.isSure() && Files.size(path) == 0) {
                folder.stream().deleteFile(path.getFileName());
            }
        }
    }
}
