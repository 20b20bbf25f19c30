package io.zerocopy.tests.servers;

import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
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
 * A body on its way into a file: one transfer of exactly as many bytes as the head announced, those that were read
 * together with the head in front. The file has a name of its own until it is complete; then it appears under the name
 * that was asked for, at once and whole, or not at all. All of that is done by name: nobody but the server's user may
 * write to the folder.
 */
final class Upload implements Closeable {
    /** How names of incomplete files begin; requests cannot use such names. */
    static final String PARTIAL = ".partial-upload-";

    private final Path place;
    private final Path partial;
    private final long length;
    private final boolean onlyNew;
    private TransferSession session;

    /**
     * Makes one that has not begun.
     *
     * @param place where the file will be
     * @param length of the body
     * @param onlyNew whether a file that is there already must stay
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
     * Begins.
     *
     * @param along bytes of the body that have been read
     * @param channel where the others come from
     * @return the session to drive
     * @throws IOException if the file cannot be made
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
     * Ends one whose session is done.
     *
     * @return 201 for a new file, 204 for one that was replaced
     * @throws Refusal 400 if the body was shorter than announced; nothing is kept then
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

    /** A link cannot replace anything, whoever was faster. */
    private void linkInPlace() throws Refusal, IOException {
        try {
            Files.createLink(place, partial);
        } catch (FileAlreadyExistsException e) {
            throw new Refusal(412, "the file exists already");
        }
    }

    /** Cancels what is not done and removes what is not complete. */
    @Override
    public void close() throws IOException {
        if (session != null) {
            session.close();
            Files.deleteIfExists(partial);
        }
    }
}
