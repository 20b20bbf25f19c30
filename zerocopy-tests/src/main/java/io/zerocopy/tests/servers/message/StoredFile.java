package io.zerocopy.tests.servers.message;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * An open file, and the values with which conditions of requests are compared. The channel stays on the same file, even
 * if its name changes meanwhile.
 *
 * @param channel open for reading
 * @param size bytes in it
 * @param modified time of its last change in whole seconds, as HTTP sends it
 * @param etag a strong validator, in quotes; it differs after every change of the time or the size
 * @param type value of the field {@code Content-Type}
 */
public record StoredFile(FileChannel channel, long size, Instant modified, String etag, String type)
        implements Closeable {
    public static StoredFile open(Path path, BasicFileAttributes attributes) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try {
            Instant modified =
                    Instant.ofEpochSecond(attributes.lastModifiedTime().to(TimeUnit.SECONDS));
            String name = path.getFileName().toString();
            return new StoredFile(channel, channel.size(), modified, etag(attributes), MimeTypes.of(name));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    public static String etag(BasicFileAttributes attributes) {
        return "\"" + Long.toHexString(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS)) + "-"
                + Long.toHexString(attributes.size()) + "\"";
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
