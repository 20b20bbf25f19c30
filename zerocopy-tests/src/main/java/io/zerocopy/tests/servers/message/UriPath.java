package io.zerocopy.tests.servers.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The path in a request's target: decoded, without query, without {@code .} and {@code ..}.
 *
 * <p>The path is split at its slashes before it is decoded, so an encoded slash or zero byte can only be part of a
 * name, and such names are refused. A path that leads above its root is refused, not shortened.
 *
 * @param relative names with slashes between them and no leading slash; empty for the root
 * @param directory whether the path ended with a slash
 */
public record UriPath(String relative, boolean directory) {
    public static UriPath of(String target) throws Refusal {
        String path = rawPath(target);
        Deque<String> names = new ArrayDeque<>();
        for (String segment : path.split("/")) {
            String name = decode(segment);
            if (name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
                throw new Refusal(400, "a name in the path holds what no name can");
            }
            if (name.equals("..")) {
                if (names.pollLast() == null) {
                    throw new Refusal(400, "the path leads above its root");
                }
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.addLast(name);
            }
        }
        boolean directory = path.endsWith("/") || path.endsWith("/.") || path.endsWith("/..");
        return new UriPath(String.join("/", names), directory);
    }

    /** Returns the part between the host, if there is one, and the query. */
    public static String rawPath(String target) throws Refusal {
        String path = target.replaceFirst("^(?i:https?)://[^/?#]*", "").replaceFirst("[?#].*$", "");
        if (path.isEmpty() && !target.isEmpty() && target.charAt(0) != '?') {
            return "/";
        }
        if (!path.startsWith("/")) {
            throw new Refusal(400, "the target is no path");
        }
        return path;
    }

    private static String decode(String segment) throws Refusal {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '%') {
                bytes.write(hex(segment, i + 1) << 4 | hex(segment, i + 2));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int hex(String segment, int at) throws Refusal {
        int digit = at < segment.length() ? Character.digit(segment.charAt(at), 16) : -1;
        if (digit < 0) {
            throw new Refusal(400, "a % in the path is not followed by two digits");
        }
        return digit;
    }
}
