package io.zerocopy.nio.internal;

import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

/**
 * Describes paths through file attributes. If the JDK has the {@code unix} attribute view, the file's mode
 * distinguishes FIFOs from devices, and its device and inode show whether two paths are the same file. Otherwise a path
 * that is neither file nor directory counts as a device below {@code /dev}, and as a pipe elsewhere.
 *
 * <p>A source with size 0 is a {@link EndpointKind#VIRTUAL_FILE} on every file system, even if it is an ordinary empty file.
 * The port over the opened channel reports the same, and a plan must predict the run.
 */
public final class PathFacts {
    // sys/stat.h, the same on all Unix systems
    private static final int S_IFMT = 0170000;
    private static final int S_IFIFO = 0010000;
    private static final int S_IFCHR = 0020000;
    private static final int S_IFBLK = 0060000;

    private PathFacts() {}

    /** Describes a path. A path whose attributes cannot be read counts as a file of unknown size. */
    public static EndpointFacts of(Path path, boolean target) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            return EndpointFacts.of(EndpointKind.OPAQUE, -1, true);
        }
        try {
            return path.getFileSystem().supportedFileAttributeViews().contains("unix")
                    ? unix(path, target)
                    : basic(path, target);
        } catch (SecurityException userNotToBeAsked) {
            return withoutUser(path, target);
        } catch (NoSuchFileException absent) {
            return target ? created(path) : EndpointFacts.of(EndpointKind.FILE, -1, true);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException hidden) {
            return EndpointFacts.of(EndpointKind.FILE, -1, true);
        }
    }

    private static EndpointFacts unix(Path path, boolean target) throws IOException {
        Map<String, Object> found = Files.readAttributes(path, "unix:mode,size,dev,ino");
        int mode = ((Number) found.get("mode")).intValue() & S_IFMT;
        long size = ((Number) found.get("size")).longValue();
        EndpointKind kind = mode == S_IFIFO
                ? EndpointKind.PIPE
                : mode == S_IFCHR || mode == S_IFBLK ? EndpointKind.DEVICE : regular(size, target);
        long device = ((Number) found.get("dev")).longValue();
        long inode = ((Number) found.get("ino")).longValue();
        return facts(kind, size, device, inode, fileSystem(path));
    }

    /** Under a security manager that hides users; another part of the same file may be asked. */
    private static EndpointFacts withoutUser(Path path, boolean target) {
        try {
            return basic(path, target);
        } catch (NoSuchFileException absent) {
            return target ? created(path) : EndpointFacts.of(EndpointKind.FILE, -1, true);
        } catch (IOException | SecurityException hidden) {
            return EndpointFacts.of(EndpointKind.FILE, -1, true);
        }
    }

    private static EndpointFacts basic(Path path, boolean target) throws IOException {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
        EndpointKind other = path.toAbsolutePath().startsWith("/dev") ? EndpointKind.DEVICE : EndpointKind.PIPE;
        EndpointKind kind = found.isOther() ? other : regular(found.size(), target);
        return facts(kind, found.size(), 0, 0, fileSystem(path));
    }

    private static EndpointKind regular(long size, boolean target) {
        return size > 0 || target ? EndpointKind.FILE : EndpointKind.VIRTUAL_FILE;
    }

    private static EndpointFacts created(Path path) {
        Path directory = path.toAbsolutePath().getParent();
        return facts(EndpointKind.FILE, 0, device(directory), 0, fileSystem(directory));
    }

    private static EndpointFacts facts(EndpointKind kind, long size, long device, long inode, String fileSystem) {
        boolean file = kind.isFile();
        return new EndpointFacts(
                kind, kind == EndpointKind.FILE ? size : -1, false, true, false, device, inode, file ? fileSystem : "");
    }

    private static long device(Path directory) {
        try {
            return ((Number) Files.getAttribute(directory, "unix:dev")).longValue();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException | SecurityException unknown) {
            return 0;
        }
    }

    /** In a container that hides mount points, the JDK does not know the file system. */
    private static String fileSystem(Path path) {
        try {
            return Files.getFileStore(path).type();
        } catch (IOException | SecurityException unknown) {
            return "";
        }
    }
}
