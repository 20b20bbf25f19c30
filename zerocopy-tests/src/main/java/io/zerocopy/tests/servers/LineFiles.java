package io.zerocopy.tests.servers;

import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Files by name, over a protocol of one line each way, as straight as blocking code is: {@code /name} and a line feed
 * asks; the size, a line feed and the bytes answer, or a minus and why not.
 */
public final class LineFiles implements VirtualThreadServer.Service {
    private static final int LONGEST_LINE = 4096;

    private final FileStore files;

    /**
     * Names a directory.
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
                    return; // cut short meanwhile; only the end of the connection can tell
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

    /** The next line; null at the end, or if there is no end of a line where one must be. */
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
