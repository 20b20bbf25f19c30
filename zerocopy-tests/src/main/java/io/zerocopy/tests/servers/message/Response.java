package io.zerocopy.tests.servers.message;

import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A response: a head, and a body that is a line of text, a range of a file, or nothing. Both are one transfer, so that
 * the head shares its packet with the start of the body.
 */
public final class Response implements Closeable {
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(200, "OK"),
            Map.entry(201, "Created"),
            Map.entry(204, "No Content"),
            Map.entry(206, "Partial Content"),
            Map.entry(301, "Moved Permanently"),
            Map.entry(304, "Not Modified"),
            Map.entry(400, "Bad Request"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(408, "Request Timeout"),
            Map.entry(409, "Conflict"),
            Map.entry(411, "Length Required"),
            Map.entry(412, "Precondition Failed"),
            Map.entry(413, "Content Too Large"),
            Map.entry(414, "URI Too Long"),
            Map.entry(416, "Range Not Satisfiable"),
            Map.entry(417, "Expectation Failed"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(505, "HTTP Version Not Supported"));

    private final int status;
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final byte[] text;
    private final StoredFile file;
    private final RangeSpec range;
    private boolean withoutBody;
    private int headLength;

    private Response(int status, byte[] text, StoredFile file, RangeSpec range) {
        this.status = status;
        this.text = text;
        this.file = file;
        this.range = range;
        field("Date", HttpDate.format(Instant.now()));
    }

    /** Creates a response with a status and a line of text. */
    public static Response text(int status, String line) {
        byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
        return new Response(status, text, null, null)
                .field("Content-Type", "text/plain; charset=utf-8")
                .field("Content-Length", Integer.toString(text.length));
    }

    /** Creates a response without a body and without its length, for the statuses 204 and 304. */
    public static Response empty(int status) {
        return new Response(status, new byte[0], null, null);
    }

    /** Creates a response with a file or a range of it; closing the response closes the file. */
    public static Response of(StoredFile file, RangeSpec range) {
        Response response = new Response(range.partial() ? 206 : 200, null, file, range)
                .field("Content-Type", file.type())
                .field("Content-Length", Long.toString(range.count()))
                .field("Accept-Ranges", "bytes")
                .validators(file);
        return range.partial() ? response.field("Content-Range", range.contentRange()) : response;
    }

    public Response validators(StoredFile of) {
        return field("ETag", of.etag()).field("Last-Modified", HttpDate.format(of.modified()));
    }

    public Response field(String name, String value) {
        fields.put(name, value);
        return this;
    }

    /** Returns the same response without the body, for HEAD. */
    public Response withoutBody() {
        withoutBody = true;
        return this;
    }

    public int status() {
        return status;
    }

    private ByteBuffer head() {
        StringBuilder head = new StringBuilder(256).append("HTTP/1.1 ").append(status);
        head.append(' ').append(REASONS.getOrDefault(status, "Other")).append("\r\n");
        fields.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return ByteBuffer.wrap(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Returns head and body as one transfer. */
    public Transfer to(WritableByteChannel channel) {
        ByteBuffer head = head();
        headLength = head.remaining();
        Transfer.Builder builder;
        if (withoutBody) {
            builder = Transfers.from(head);
        } else if (file == null) {
            builder = Transfers.from(head, ByteBuffer.wrap(text));
        } else {
            builder = Transfers.from(file.channel())
                    .range(range.first(), range.count())
                    .header(head);
        }
        return builder.to(channel).build();
    }

    /** Returns how many of the transferred bytes belong to the body. */
    public long bodyBytes(long transferred) {
        return Math.max(0, transferred - headLength);
    }

    /** Returns the length of the body that the head announces. */
    public long bodyLength() {
        return withoutBody ? 0 : file == null ? text.length : range.count();
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
