package io.zerocopy.tests.servers;

import java.time.Instant;
import java.util.Arrays;

/**
 * The conditions under which a client wants its request served, in the order in which RFC 9110 (13.2.2) has them
 * looked at.
 */
final class Preconditions {
    private Preconditions() {}

    /** Whether the client has the file as it is now, so that 304 says enough. */
    static boolean isUnchanged(Request request, StoredFile file) {
        String tags = request.field("if-none-match");
        if (tags != null) {
            return lists(tags, file.etag());
        }
        Instant since = date(request.field("if-modified-since"));
        return since != null && !file.modified().isAfter(since);
    }

    /**
     * Looks at what must hold for a request to be served at all.
     *
     * @param request the request
     * @param etag of the file that is there; null where none is
     * @param modified when it was; null where none is
     * @throws Refusal 412, if it does not hold
     */
    static void require(Request request, String etag, Instant modified) throws Refusal {
        String tags = request.field("if-match");
        Instant since = date(request.field("if-unmodified-since"));
        boolean holds = tags != null
                ? etag != null && lists(tags, etag)
                : since == null || (modified != null && !modified.isAfter(since));
        if (!holds) {
            throw new Refusal(412, "the file is not as the request wants it");
        }
    }

    /**
     * Whether the range that a client asks for continues what it has. A date is a strong validator only when it is at
     * least a second old, since a file can change twice within one.
     */
    static boolean rangeApplies(Request request, StoredFile file) {
        String validator = request.field("if-range");
        if (validator == null || validator.equals(file.etag())) {
            return true;
        }
        return file.modified().equals(date(validator))
                && file.modified().isBefore(Instant.now().minusSeconds(1));
    }

    private static Instant date(String value) {
        return value == null ? null : HttpDate.parse(value);
    }

    /** Compares weakly: what is sent back is never a part of a file, or the tags sent are all strong. */
    private static boolean lists(String tags, String etag) {
        return Arrays.stream(tags.split(","))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.replaceFirst("^W/", "").equals(etag));
    }
}
