package io.zerocopy.tests.servers.message;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Parses the head of a request by RFC 9112, strictly: input that two parsers could understand in different ways (folded
 * lines, spaces before a colon, a line that ends without CR, two lengths) is refused.
 */
final class RequestParser {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private RequestParser() {}

    /**
     * Parses a head.
     *
     * @param head everything before the empty line
     * @return the request
     * @throws Refusal if it is not a valid request
     */
    static Request parse(String head) throws Refusal {
        String[] lines = head.split("\r\n", -1);
        String[] words = lines[0].split(" ", -1);
        if (words.length != 3 || !isToken(words[0]) || !isVisible(words[1])) {
            throw new Refusal(400, "the first line is not a method, a target and a version");
        }
        int minor = minor(words[2]);
        Map<String, String> fields = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            field(lines[i], fields);
        }
        String host = fields.get("host");
        if (minor > 0 && (host == null || host.indexOf(',') >= 0)) {
            throw new Refusal(400, "a request names one host");
        }
        if (fields.containsKey("transfer-encoding") && fields.containsKey("content-length")) {
            throw new Refusal(400, "a body has one length");
        }
        return new Request(words[0], words[1], minor, fields);
    }

    private static int minor(String version) throws Refusal {
        if (!version.matches("HTTP/[0-9]\\.[0-9]")) {
            throw new Refusal(400, "the first line does not end with a version");
        }
        if (version.charAt(5) != '1') {
            throw new Refusal(505, "this server speaks HTTP/1.1");
        }
        return version.charAt(7) == '0' ? 0 : 1;
    }

    private static void field(String line, Map<String, String> fields) throws Refusal {
        int colon = line.indexOf(':');
        if (colon < 0 || !isToken(line.substring(0, colon))) {
            throw new Refusal(400, "a line of the head is not a name, a colon and a value");
        }
        String value = line.substring(colon + 1).strip();
        if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
            throw new Refusal(400, "a value holds what is no text");
        }
        fields.merge(line.substring(0, colon).toLowerCase(Locale.ROOT), value, (one, other) -> one + ", " + other);
    }

    private static boolean isToken(String text) {
        return !text.isEmpty()
                && text.chars()
                        .allMatch(c -> (c < 0x7f && Character.isLetterOrDigit(c)) || TOKEN_MARKS.indexOf(c) >= 0);
    }

    private static boolean isVisible(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
