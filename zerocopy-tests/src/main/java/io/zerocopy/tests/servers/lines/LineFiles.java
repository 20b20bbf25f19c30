package io.zerocopy.tests.servers.lines;

import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import io.zerocopy.tests.servers.http.FileStore;
import io.zerocopy.tests.servers.message.Refusal;
import io.zerocopy.tests.servers.message.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Serves files by name in simple blocking code. The protocol has one line in each direction: the request is
 * {@code /name} and a line feed; the response is the size, a line feed and the bytes, or a minus and the reason why
 * not.
 */
public final class LineFiles implements VirtualThreadServer.Service {
    private static final int LONGEST_LINE = 4096;

    private final FileStore files;

    /**
     * Creates the service over a directory.
     *
     * @param root the directory whose files are served
     * @throws IOException if it does not exist
     */
    public LineFiles(Path root) throws IOException {
        files = new FileStore(root);
    }

    @Override
    public void serve(SocketChannel client) throws IOException {
        ByteBuffer unread = ByteBuffer.allocate(LONGEST_LINE).limit(0);
        String line = readLine(client, unread);
        while (line != null) {
            try (StoredFile file = files.open(line)) {
                ByteBuffer size = line(Long.toString(file.size()));
                long whole = size.remaining() + file.size();
                Transfer answer = Transfers.from(file.channel())
                        .range(0, file.size())
                        .header(size)
                        .to(client)
                        .build();
                if (answer.run().bytes() < whole) {
                    return; // truncated meanwhile; only the end of the connection can signal this
                }
            } catch (Refusal refusal) {
                Transfers.from(line("-" + refusal.getMessage()))
                        .to(client)
                        .build()
                        .run();
            }
            line = readLine(client, unread);
        }
    }

    private static ByteBuffer line(String text) {
        return ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the next line; null at the end, or if the line is too long. */
    private static String readLine(SocketChannel client, ByteBuffer unread) throws IOException {
        while (true) {
            for (int i = unread.position(); i < unread.limit(); i++) {
                if (unread.get(i) == '\n') {
                    byte[] line = new byte[i - unread.position()];
                    unread.get(line).get();
                    return new String(line, StandardCharsets.UTF_8);
                }
            }
            unread.compact();
            boolean more = unread.hasRemaining() && client.read(unread) >= 0;
            unread.flip();
            if (!more) {
                return null;
            }
        }
    }
}
