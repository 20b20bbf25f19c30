package io.zerocopy.internal.loop;

import io.zerocopy.TransferResult.Fallback;
import io.zerocopy.internal.endpoint.OpenEndpoints;
import io.zerocopy.internal.plan.NamedMechanism;
import java.util.List;
import jdk.jfr.FlightRecorder;

/**
 * Reports transfers: each one to the flight recorder while it records, and each mechanism that declined to the logger
 * {@code io.zerocopy}, at level DEBUG. Without a recording, the first costs the read of a field; without DEBUG, the
 * second costs the check of a level. Loading the event class sets up the flight recorder, which takes longer than a
 * first transfer. So the class is not used in a process that has never started a recording.
 */
final class TransferEvents {
    private static final boolean HAS_RECORDER = hasRecorder();

    private TransferEvents() {}

    /** False in a run-time image without the module of the flight recorder. */
    private static boolean hasRecorder() {
        try {
            Class.forName("jdk.jfr.FlightRecorder", false, TransferEvents.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError | SecurityException absent) {
            return false;
        }
    }

    /** Begins an event; null if such events are not recorded. */
    static TransferEvent begin() {
        if (!HAS_RECORDER || !FlightRecorder.isInitialized()) {
            return null;
        }
        if (!Recorder.PROBE.isEnabled()) {
            return null;
        }
        TransferEvent event = new TransferEvent();
        event.begin();
        return event;
    }

    /** Ends an event, if there is one, with the kinds of the ends and the result. */
    static void end(
            TransferEvent event, OpenEndpoints endpoints, String mechanism, TransferStats stats, String outcome) {
        if (event == null) {
            return;
        }
        event.end();
        if (event.shouldCommit()) {
            event.source = endpoints.ranges().get(0).port().facts().kind().label();
            event.target = endpoints.target().facts().kind().label();
            event.mechanism = mechanism;
            event.bytes = stats.total();
            event.fallbacks = text(stats.fallbacks());
            event.outcome = outcome;
            event.commit();
        }
    }

    /** Describes what ended a transfer; the {@code toString()} of a foreign exception may throw. */
    static String outcome(Throwable cause) {
        try {
            return cause.toString();
        } catch (RuntimeException theirs) {
            return cause.getClass().getName();
        }
    }

    private static String text(List<Fallback> fallbacks) {
        StringBuilder text = new StringBuilder();
        for (Fallback fallback : fallbacks) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append(fallback.name())
                    .append(": ")
                    .append(fallback.reason());
        }
        return text.toString();
    }

    static void declined(NamedMechanism mechanism, String reason) {
        if (Log.LOGGER.isLoggable(System.Logger.Level.DEBUG)) {
            Log.LOGGER.log(System.Logger.Level.DEBUG, mechanism + " declined: " + reason);
        }
    }

    /** An event that shows whether its kind is recorded, so that no other event is created if it is not. */
    private static final class Recorder {
        static final TransferEvent PROBE = new TransferEvent();
    }

    /** Created when a mechanism declines for the first time. */
    private static final class Log {
        static final System.Logger LOGGER = System.getLogger("io.zerocopy");
    }
}
