package io.zerocopy.tests.servers.http;

import io.zerocopy.tests.fixture.TestFixture;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A client that sends exactly the bytes it gets and reads the response, for requests that usual clients do not send.
 */
final class HttpClient implements AutoCloseable {
    /** A response. */
    record Reply(int status, Map<String, String> fields, byte[] body) {
        String field(String name) {
            return fields.get(name);
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    final Socket socket;
    private final InputStream in;

    HttpClient(InetSocketAddress address) throws IOException {
        socket = new Socket();
        socket.connect(address);
        socket.setSoTimeout((int) TestFixture.DEADLINE_SECONDS * 1000);
        in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
    }

    HttpClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    HttpClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Sends a request without a body; CR LF is added to each field. */
    HttpClient request(String method, String target, String... fields) throws IOException {
        return send(head(method, target, fields));
    }

    static String head(String method, String target, String... fields) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: test\r\n");
        for (String field : fields) {
            head.append(field).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    Reply get(String target, String... fields) throws IOException {
        return request("GET", target, fields).reply();
    }

    Reply reply() throws IOException {
        Reply head = replyHead();
        boolean none = head.status == 204 || head.status == 304 || head.status < 200;
        byte[] body = in.readNBytes(none ? 0 : Integer.parseInt(head.field("content-length")));
        return new Reply(head.status, head.fields, body);
    }

    /** Reads only the head: a response to HEAD has no body, or the test reads the body later. */
    Reply replyHead() throws IOException {
        String first = line();
        if (!first.startsWith("HTTP/1.1 ")) {
            throw new IOException("no answer: " + first);
        }
        Map<String, String> fields = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            fields.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Reply(Integer.parseInt(first.split(" ")[1]), fields, new byte[0]);
    }

    InputStream in() {
        return in;
    }

    /** Returns whether the server has ended the connection normally and has sent nothing more. */
    boolean isAtEnd() throws IOException {
        return in.read() < 0;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("after: " + line);
            }
            line.append((char) c);
        }
        if (line.charAt(line.length() - 1) != '\r') {
            throw new IOException("a line without CR: " + line);
        }
        return line.substring(0, line.length() - 1);
    }

    /** Closes with RST instead of FIN. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
