package io.zerocopy.linux.internal.errno;

import io.zerocopy.linux.sys.Errno;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The exception that the JDK throws for a call that names a file; it names the errno if the JDK has no type for it. */
public final class NameFailure {
    private NameFailure() {}

    /** Whether an open that failed says all there is to say, so that no look at the file can add to it. */
    public static boolean isPlain(int result) {
        return result == -Errno.ENOENT || result == -Errno.EACCES;
    }

    public static FileSystemException of(String call, int result, Path path) {
        String name = path.toString();
        return switch (-result) {
            case Errno.EACCES -> new AccessDeniedException(name);
            case Errno.ENOENT -> new NoSuchFileException(name);
            case Errno.EEXIST -> new FileAlreadyExistsException(name);
            default -> new FileSystemException(name, null, Errno.message(call, result));
        };
    }
}
