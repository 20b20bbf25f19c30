package io.zerocopy.internal.file;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the descriptor of a channel without the native part. Only this process may have the channel. The JDK does not
 * show the descriptor, but {@code /proc/self/fdinfo} shows the position of every descriptor. So the channel is moved to
 * a random position, which others cannot guess, and the descriptor with this position is looked up, twice. A question
 * by {@code /proc/self/fd} then goes to the open file, even if its name now belongs to another file.
 */
public final class OwnDescriptor {
    private static final Path LINKS = Path.of("/proc/self/fd");
    private static final Path FACTS = Path.of("/proc/self/fdinfo");
    private static final SecureRandom RANDOM = new SecureRandom();

    private OwnDescriptor() {}

    /**
     * A name of the open file that is valid while the channel is open; null if the system has no such name, or the
     * channel has no position.
     *
     * @param channel a channel that no other code uses; its position is restored
     */
    public static Path of(SeekableByteChannel channel) throws IOException {
        long before;
        List<Path> found;
        try {
            before = channel.position();
            found = standing(numbers(), mark(channel));
        } catch (NoSuchFileException | AccessDeniedException notMounted) {
            return null;
        } catch (IOException failed) {
            if (channel.isOpen() && !isSeekable(channel)) {
                return null;
            }
            throw failed;
        }
        try {
            found = standing(found, mark(channel));
        } finally {
            channel.position(before);
        }
        return found.size() == 1 ? LINKS.resolve(found.get(0)) : null;
    }

    private static boolean isSeekable(SeekableByteChannel channel) {
        try {
            channel.position(0);
            return true;
        } catch (IOException noPositions) {
            return false;
        }
    }

    /** A position that every file system supports, and that another descriptor is very unlikely to have. */
    private static long mark(SeekableByteChannel channel) throws IOException {
        long mark = RANDOM.nextInt(Integer.MAX_VALUE);
        channel.position(mark);
        return mark;
    }

    private static List<Path> numbers() throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> opened = Files.newDirectoryStream(LINKS)) {
            opened.forEach(link -> all.add(link.getFileName()));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return all;
    }

    private static List<Path> standing(List<Path> numbers, long position) throws IOException {
        String line = "pos:\t" + position + "\n";
        List<Path> found = new ArrayList<>();
        for (Path number : numbers) {
            try {
                if (Files.readString(FACTS.resolve(number)).startsWith(line)) {
                    found.add(number);
                }
            } catch (NoSuchFileException closed) {
                continue; // since the numbers were read
            }
        }
        return found;
    }
}
