package io.zerocopy.internal.path;

import io.zerocopy.internal.file.FileNames;
import java.nio.file.CopyOption;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;

/**
 * The options of a copy, as for {@link java.nio.file.Files#copy}.
 *
 * @param replace whether an existing target is replaced
 * @param attributes whether all attributes are copied
 * @param noFollow whether a link itself is copied, not its target
 * @param atomic whether the target appears only when it is complete
 */
record CopyOptions(boolean replace, boolean attributes, boolean noFollow, boolean atomic) {
    static CopyOptions of(CopyOption[] given, boolean fromFile) {
        boolean replace = false;
        boolean attributes = false;
        boolean noFollow = false;
        boolean atomic = false;
        for (CopyOption option : given) {
            Objects.requireNonNull(option, "option");
            if (option == StandardCopyOption.REPLACE_EXISTING) {
                replace = true;
            } else if (fromFile && option == StandardCopyOption.COPY_ATTRIBUTES) {
                attributes = true;
            } else if (fromFile && option == LinkOption.NOFOLLOW_LINKS) {
                noFollow = true;
            } else if (fromFile && option == StandardCopyOption.ATOMIC_MOVE) {
                atomic = true;
            } else {
                throw new UnsupportedOperationException("Unsupported option: " + option);
            }
        }
        return new CopyOptions(replace, attributes, noFollow, atomic);
    }

    LinkOption[] links() {
        return noFollow ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : new LinkOption[0];
    }

    /**
     * The options for opening the source. With {@code noFollow}, a link that has replaced it meanwhile is not followed
     * either.
     */
    Set<OpenOption> reading(Path source) {
        return noFollow ? FileNames.notFollowing(source, StandardOpenOption.READ) : Set.of(StandardOpenOption.READ);
    }
}
