package io.zerocopy.tests.servers.http;

import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.tests.servers.message.Refusal;
import io.zerocopy.tests.servers.message.Response;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Stores a body in a file. It is one transfer of exactly the announced length, and starts with the bytes that were read
 * together with the head. The file has a temporary name until it is complete. Then it appears under the requested name,
 * at once and complete, or not at all. All of this is done by name. This is safe because {@link FileStore#place} gives
 * no name in a folder that other users may write to.
 */
final class Upload implements Closeable {
    /** Prefix of the names of incomplete files; requests cannot use such names. */
    static final String PARTIAL = ".partial-upload-";

    private final Path place;
    private final Path partial;
    private final long length;
    private final boolean onlyNew;
    private TransferSession session;

    /**
     * Creates an upload that has not started.
     *
     * @param place where the file will be
     * @param length length of the body
     * @param onlyNew whether an existing file must not be replaced
     */
    Upload(Path place, long length, boolean onlyNew) {
        this.place = place;
        this.partial = place.resolveSibling(
                PARTIAL + Long.toHexString(ThreadLocalRandom.current().nextLong()));
        this.length = length;
        this.onlyNew = onlyNew;
    }

    long length() {
        return length;
    }

    /**
     * Starts the upload.
     *
     * @param along bytes of the body that have already been read
     * @param channel the source of the other bytes
     * @return the session to drive
     * @throws IOException if the file cannot be created
     */
    TransferSession begin(ByteBuffer along, ReadableByteChannel channel) throws IOException {
        session = Transfers.from(channel)
                .count(length - along.remaining())
                .header(along)
                .to(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
                .build()
                .open();
        return session;
    }

    /**
     * Completes an upload whose session is done.
     *
     * @return 201 if the file is new, 204 if it replaced another
     * @throws Refusal 400 if the body was shorter than announced; then no file is kept
     * @throws IOException if the file cannot get its name
     */
    Response finish() throws Refusal, IOException {
        TransferResult result = session.result();
        if (result.bytes() < length) {
            throw new Refusal(400, "the body ended after " + result.bytes() + " of " + length + " bytes");
        }
        boolean replaces = Files.exists(place);
        if (onlyNew) {
            linkInPlace();
        } else {
            Files.move(partial, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        return replaces ? Response.empty(204) : Response.text(201, length + " bytes");
    }

    /** Gives the file its name by a link, because a link cannot replace a file that was created meanwhile. */
    private void linkInPlace() throws Refusal, IOException {
        try {
            Files.createLink(place, partial);
        } catch (FileAlreadyExistsException e) {
            throw new Refusal(412, "the file exists already");
        }
    }

    /** Cancels a running transfer and removes an incomplete file. */
    @Override
    public void close() throws IOException {
        if (session != null) {
            session.close();
            Files.deleteIfExists(partial);
        }
    }
}
