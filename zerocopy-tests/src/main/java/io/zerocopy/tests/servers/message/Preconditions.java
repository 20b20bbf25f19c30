package io.zerocopy.tests.servers.message;

import java.time.Instant;
import java.util.Arrays;

/** Evaluates the conditions of a request in the order of RFC 9110 (13.2.2). */
public final class Preconditions {
    private Preconditions() {}

    /** Returns whether the client already has the current file, so that the response is 304. */
    public static boolean isUnchanged(Request request, StoredFile file) {
        String tags = request.field("if-none-match");
        if (tags != null) {
            return lists(tags, file.etag());
        }
        Instant since = date(request.field("if-modified-since"));
        return since != null && !file.modified().isAfter(since);
    }

    /**
     * Checks the conditions that must hold for a request to be served at all.
     *
     * @param request the request
     * @param etag of the existing file; null if there is none
     * @param modified time of its last change; null if there is no file
     * @throws Refusal 412, if a condition does not hold
     */
    public static void require(Request request, String etag, Instant modified) throws Refusal {
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
     * Returns whether the requested range belongs to the file version that the client has. A date is a strong validator
     * only if it is at least one second old, because a file can change twice within a second.
     */
    public static boolean rangeApplies(Request request, StoredFile file) {
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

    /**
     * Uses the weak comparison. That is correct, because either the response is never a part of a file, or all tags
     * that were sent are strong.
     */
    private static boolean lists(String tags, String etag) {
        return Arrays.stream(tags.split(","))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.replaceFirst("^W/", "").equals(etag));
    }
}
