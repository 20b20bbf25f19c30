package io.zerocopy.internal.file;

import io.zerocopy.internal.plan.Providers;
import io.zerocopy.spi.OpenFiles;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

/** A target file that a run creates when it opens it, and removes again if the run could not write to it. */
public final class CreatedTarget {
    private CreatedTarget() {}

    /** Removes the file if it is still empty. It stays if the name may belong to another file by now. */
    public static void discardEmpty(Providers providers, Path path, Channel made, Target port) throws IOException {
        OpenFiles files = providers.openFiles(made);
        if (files != null) {
            if (port != null && port.size() == 0) {
                files.remove(path, made);
            }
            return;
        }
        if (path.getFileSystem() != FileSystems.getDefault() || !FileNames.isPosix(path)) {
            if (Files.size(path) == 0) {
                Files.deleteIfExists(path);
            }
            return;
        }
        Path parent = path.toAbsolutePath().getParent();
        try (SureFolder folder = SureFolder.of(parent)) {
            boolean sure = folder != null
                    && folder.isSure()
                    && SureFolder.isKept(parent); // and is the folder that the file was created in
            if (sure && Files.size(path) == 0) {
                folder.stream().deleteFile(path.getFileName());
            }
        }
    }
}
