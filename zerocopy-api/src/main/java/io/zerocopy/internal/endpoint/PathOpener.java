package io.zerocopy.internal.endpoint;

import io.zerocopy.internal.plan.Providers;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Provider;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Opens the files that a transfer names by path. Opening a target does not change its content: a file that the options
 * truncate is truncated later. If a target does not exist, the call that creates it also shows whether it created the
 * file.
 */
public final class PathOpener {
    private PathOpener() {}

    /**
     * A target that was opened.
     *
     * @param channel its channel
     * @param created whether this call created the file
     * @param truncateLater whether the file still has content that the caller's options truncate
     */
    record Opened(Channel channel, boolean created, boolean truncateLater) {}

    /** Opens a file for reading; if a provider can, without an endless wait for the other end of a FIFO. */
    static Channel source(Providers providers, Path path, Set<? extends OpenOption> options, Provider.Patience patience)
            throws IOException {
        Channel opened = providers.open(path, options, patience);
        if (opened != null) {
            return opened;
        }
        if (Files.readAttributes(path, BasicFileAttributes.class).isDirectory()) {
            throw new FileSystemException(path.toString(), null, "Is a directory");
        }
        return Files.newByteChannel(path, options);
    }

    /**
     * Opens a file for writing.
     *
     * @param before the facts of the path before it is opened
     * @param atPosition whether the target needs positions; on a file system that is not the default one, only the open
     *     channel shows whether it has them
     */
    static Opened target(
            Providers providers,
            Path path,
            OpenOption[] given,
            EndpointFacts before,
            boolean atPosition,
            Provider.Patience patience)
            throws IOException {
        Set<OpenOption> options = new HashSet<>(Arrays.asList(given));
        if (path.getFileSystem() != FileSystems.getDefault()) {
            return foreign(path, options, atPosition);
        }
        // Only a regular file has content to truncate; other kinds may not support it. But a file may have replaced a
        // FIFO by now.
        boolean truncates = (before.kind() == EndpointKind.FILE || before.kind() == EndpointKind.PIPE)
                && options.remove(StandardOpenOption.TRUNCATE_EXISTING);
        if (options.contains(StandardOpenOption.CREATE_NEW)) {
            return new Opened(Files.newByteChannel(path, options), true, false);
        }
        if (!options.contains(StandardOpenOption.CREATE)) {
            return new Opened(existing(providers, path, options, patience), false, truncates);
        }
        if (before.inode() != 0 || Files.exists(path)) {
            try {
                return new Opened(existing(providers, path, without(options, null), patience), false, truncates);
            } catch (NoSuchFileException removed) {
                // it was removed after the check
            }
        }
        try {
            Channel made = Files.newByteChannel(path, without(options, StandardOpenOption.CREATE_NEW));
            return new Opened(made, true, false);
        } catch (FileAlreadyExistsException appeared) { // or it is a link whose target does not exist yet
            return new Opened(existing(providers, path, options, patience), false, truncates);
        }
    }

    private static Channel existing(Providers providers, Path path, Set<OpenOption> options, Provider.Patience patience)
            throws IOException {
        Channel opened = providers.open(path, options, patience);
        return opened != null ? opened : Files.newByteChannel(path, options);
    }

    /** The options without CREATE, and with another option in its place if one is given. */
    private static Set<OpenOption> without(Set<OpenOption> options, OpenOption instead) {
        Set<OpenOption> some = new HashSet<>(options);
        some.remove(StandardOpenOption.CREATE);
        if (instead != null) {
            some.add(instead);
        }
        return some;
    }

    /** Other file systems, such as a zip archive, may not be able to truncate an open file. */
    private static Opened foreign(Path path, Set<OpenOption> options, boolean atPosition) throws IOException {
        boolean absent = !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        boolean truncates = atPosition && !absent && options.remove(StandardOpenOption.TRUNCATE_EXISTING);
        return new Opened(Files.newByteChannel(path, options), absent, truncates);
    }

    /** Why a transfer between two ends cannot begin, as far as their paths show; null if they show no reason. */
    public static String refusal(Object source, Object target, OpenOption[] options) {
        String first = source instanceof Path path ? sourceRefusal(path) : null;
        return first != null || !(target instanceof Path path) ? first : targetRefusal(path, Arrays.asList(options));
    }

    private static String sourceRefusal(Path path) {
        if (Files.notExists(path)) {
            return "no such file: " + path;
        }
        if (Files.isDirectory(path)) {
            return "is a directory: " + path;
        }
        return Files.isReadable(path) ? null : "may not be read: " + path;
    }

    private static String targetRefusal(Path path, Iterable<OpenOption> given) {
        Set<OpenOption> options = new HashSet<>();
        given.forEach(options::add);
        Path parent = path.toAbsolutePath().getParent();
        if (Files.isDirectory(path)) {
            return "is a directory: " + path;
        }
        if (Files.exists(path)) {
            boolean mustBeNew = options.contains(StandardOpenOption.CREATE_NEW);
            return mustBeNew
                    ? "exists already: " + path
                    : Files.isWritable(path) ? null : "may not be written: " + path;
        }
        if (parent != null && Files.notExists(parent)) {
            return "is in no directory that exists: " + path;
        }
        boolean creates =
                options.contains(StandardOpenOption.CREATE) || options.contains(StandardOpenOption.CREATE_NEW);
        return creates || !Files.notExists(path) ? null : "no such file: " + path;
    }
}
