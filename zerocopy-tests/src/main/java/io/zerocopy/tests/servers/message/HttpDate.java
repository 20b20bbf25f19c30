package io.zerocopy.tests.servers.message;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;

/** Dates of RFC 9110: the one form that is sent, and the two other forms that must be understood. */
final class HttpDate {
    private static final DateTimeFormatter SENT = of("EEE, dd MMM yyyy HH:mm:ss 'GMT'");

    private static final List<DateTimeFormatter> UNDERSTOOD = List.of(
            SENT,
            new DateTimeFormatterBuilder()
                    .appendPattern("EEEE, dd-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
                    .appendPattern(" HH:mm:ss 'GMT'")
                    .toFormatter(Locale.US),
            of("EEE MMM ppd HH:mm:ss yyyy"));

    private HttpDate() {}

    private static DateTimeFormatter of(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US);
    }

    static String format(Instant instant) {
        return SENT.format(instant.atOffset(ZoneOffset.UTC));
    }

    /** Parses a date; returns null if the text is not a date, which RFC 9110 requires to be ignored. */
    static Instant parse(String text) {
        for (DateTimeFormatter form : UNDERSTOOD) {
            try {
                return LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException notThisForm) {
                continue;
            }
        }
        return null;
    }
}
