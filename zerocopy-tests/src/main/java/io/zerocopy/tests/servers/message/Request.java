package io.zerocopy.tests.servers.message;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * The head of a request.
 *
 * @param method as it was sent; methods are case-sensitive
 * @param target as it was sent, for {@link UriPath} to read
 * @param minor minor version of HTTP, 0 or 1
 * @param fields values by lower-case name; the values of a repeated name are joined by a comma
 */
public record Request(String method, String target, int minor, Map<String, String> fields) {
    /** Stands for a length that does not fit into a long; it is longer than any body. */
    private static final long ENORMOUS = Long.MAX_VALUE;

    public boolean is(String name) {
        return method.equals(name);
    }

    /** Returns the value of a field, or null. */
    public String field(String name) {
        return fields.get(name);
    }

    /** Returns whether the client may send another request on this connection. */
    public boolean keepAlive() {
        return !lists("connection", "close") && (minor > 0 || lists("connection", "keep-alive"));
    }

    /** Returns whether a body follows, of any length. */
    public boolean hasBody() {
        String length = field("content-length");
        return field("transfer-encoding") != null || (length != null && !length.equals("0"));
    }

    /** Returns the length of the body that follows; -1 if it is not given. */
    public long contentLength() throws Refusal {
        String length = field("content-length");
        if (length == null) {
            return -1;
        }
        if (!length.matches("[0-9]+")) {
            throw new Refusal(400, "Content-Length is no number");
        }
        return length.length() > 18 ? ENORMOUS : Long.parseLong(length);
    }

    /** Returns whether the client waits for permission before it sends the body. */
    public boolean expectsContinue() throws Refusal {
        String expect = field("expect");
        if (expect == null || minor == 0) {
            return false;
        }
        if (!expect.equalsIgnoreCase("100-continue")) {
            throw new Refusal(417, "nothing is known of this expectation");
        }
        return true;
    }

    private boolean lists(String name, String token) {
        String value = field(name);
        return value != null
                && Arrays.stream(value.toLowerCase(Locale.ROOT).split(","))
                        .anyMatch(item -> item.strip().equals(token));
    }
}
