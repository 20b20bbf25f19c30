package io.zerocopy;

import static java.util.stream.Collectors.joining;

import io.zerocopy.spi.Nullable;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What a finished transfer did. Immutable; two results are equal if everything in them is.
 *
 * <p>For a socket, {@link #bytes()} is what the kernel has taken, not what the peer has read: some of it may still be on its
 * way, and is lost if the connection breaks. Only an answer of the peer shows that it has everything.
 */
public final class TransferResult {
    private final long bytes;
    private final End end;
    private final Mechanism mechanism;
    private final @Nullable Details details; // null if one of the library's own mechanisms moved all bytes
    private final long elapsedNanos; // a number, so that a short transfer makes one object less

    private record Details(String mechanismName, List<Leg> legs, List<Fallback> fallbacks) {}

    /**
     * Creates the result of a transfer whose main mechanism is one of the library's own.
     *
     * @param bytes bytes that reached the target
     * @param end why it stopped
     * @param mechanism the mechanism that moved most
     * @param legs what each mechanism moved
     * @param fallbacks what declined
     * @param elapsed time taken
     */
    public TransferResult(
            long bytes, End end, Mechanism mechanism, List<Leg> legs, List<Fallback> fallbacks, Duration elapsed) {
        this(bytes, end, mechanism, mechanism.name(), legs, fallbacks, elapsed);
    }

    /**
     * Creates the result of any transfer.
     *
     * @param bytes bytes that reached the target
     * @param end why it stopped
     * @param mechanism the mechanism that moved most, or the one that an added mechanism counts as
     * @param mechanismName its name
     * @param legs what each mechanism moved
     * @param fallbacks what declined
     * @param elapsed time taken
     */
    public TransferResult(
            long bytes,
            End end,
            Mechanism mechanism,
            String mechanismName,
            List<Leg> legs,
            List<Fallback> fallbacks,
            Duration elapsed) {
        this.bytes = bytes;
        this.end = Objects.requireNonNull(end, "end");
        this.mechanism = Objects.requireNonNull(mechanism, "mechanism");
        Objects.requireNonNull(mechanismName, "mechanismName");
        this.details = new Details(mechanismName, List.copyOf(legs), List.copyOf(fallbacks));
        this.elapsedNanos = elapsed.toNanos();
    }

    private TransferResult(long bytes, End end, Mechanism mechanism, long nanos) {
        this.bytes = bytes;
        this.end = end;
        this.mechanism = mechanism;
        details = null;
        elapsedNanos = nanos;
    }

    /**
     * Creates the result of a transfer that one of the library's own mechanisms made from its first byte to its last.
     * @param bytes bytes that reached the target, more than 0
     * @param end why it stopped
     * @param mechanism the mechanism
     * @param elapsedNanos time taken
     * @return the result
     */
    public static TransferResult ofOne(long bytes, End end, Mechanism mechanism, long elapsedNanos) {
        return new TransferResult(bytes, end, mechanism, elapsedNanos);
    }

    /** Why a transfer stopped. */
    public enum End {
        /** The source had no more bytes. A file that grows ends at the size it had at the start. */
        SOURCE_ENDED,
        /** The requested number of bytes has been moved. */
        COUNT_REACHED
    }

    /** What one mechanism moved. Immutable; two are equal if everything in them is. */
    public static final class Leg {
        private final Mechanism mechanism;
        private final String name;
        private final long bytes;

        /**
         * Creates the share of one of the library's own mechanisms.
         *
         * @param mechanism the mechanism
         * @param bytes bytes it brought to the target
         */
        public Leg(Mechanism mechanism, long bytes) {
            this(mechanism, mechanism.name(), bytes);
        }

        /**
         * Creates the share of any mechanism.
         *
         * @param mechanism the mechanism, or the one that an added mechanism counts as
         * @param name its name
         * @param bytes bytes it brought to the target
         */
        public Leg(Mechanism mechanism, String name, long bytes) {
            this.mechanism = Objects.requireNonNull(mechanism, "mechanism");
            this.name = Objects.requireNonNull(name, "name");
            this.bytes = bytes;
        }

        /**
         * Returns the mechanism.
         *
         * @return the mechanism; for one that a provider added, the one of the library that it counts as
         */
        public Mechanism mechanism() {
            return mechanism;
        }

        /**
         * Returns the mechanism's name.
         *
         * @return the name of {@link #mechanism()}; for a mechanism that a provider added, its own name
         */
        public String name() {
            return name;
        }

        /**
         * Returns how much it moved.
         *
         * @return bytes it brought to the target
         */
        public long bytes() {
            return bytes;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Leg that
                    && mechanism == that.mechanism
                    && name.equals(that.name)
                    && bytes == that.bytes;
        }

        @Override
        public int hashCode() {
            return Objects.hash(mechanism, name, bytes);
        }

        @Override
        public String toString() {
            return "Leg[mechanism=" + name + ", bytes=" + bytes + "]";
        }
    }

    /** A mechanism that was tried and declined. Immutable; two are equal if everything in them is. */
    public static final class Fallback {
        private final Mechanism mechanism;
        private final String name;
        private final String reason;

        /**
         * Creates what one of the library's own mechanisms said.
         *
         * @param mechanism the mechanism
         * @param reason why it declined
         */
        public Fallback(Mechanism mechanism, String reason) {
            this(mechanism, mechanism.name(), reason);
        }

        /**
         * Creates what any mechanism said.
         *
         * @param mechanism the mechanism, or the one that an added mechanism counts as
         * @param name its name
         * @param reason why it declined
         */
        public Fallback(Mechanism mechanism, String name, String reason) {
            this.mechanism = Objects.requireNonNull(mechanism, "mechanism");
            this.name = Objects.requireNonNull(name, "name");
            this.reason = Objects.requireNonNull(reason, "reason");
        }

        /**
         * Returns the mechanism.
         *
         * @return the mechanism; for one that a provider added, the one of the library that it counts as
         */
        public Mechanism mechanism() {
            return mechanism;
        }

        /**
         * Returns the mechanism's name.
         *
         * @return the name of {@link #mechanism()}; for a mechanism that a provider added, its own name
         */
        public String name() {
            return name;
        }

        /**
         * Returns why it declined.
         *
         * @return the reason, with the system call and errno if there was one
         */
        public String reason() {
            return reason;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Fallback that
                    && mechanism == that.mechanism
                    && name.equals(that.name)
                    && reason.equals(that.reason);
        }

        @Override
        public int hashCode() {
            return Objects.hash(mechanism, name, reason);
        }

        @Override
        public String toString() {
            return "Fallback[mechanism=" + name + ", reason=" + reason + "]";
        }
    }

    /**
     * Returns how much was moved.
     *
     * @return bytes that reached the target, header and trailer included
     */
    public long bytes() {
        return bytes;
    }

    /**
     * Returns why the transfer stopped.
     *
     * @return the reason
     */
    public End end() {
        return end;
    }

    /**
     * Returns the mechanism that moved most bytes of the body; if there were none, the mechanism that was chosen.
     *
     * @return the mechanism; for one that a provider added, the one of the library that it counts as
     */
    public Mechanism mechanism() {
        return mechanism;
    }

    /**
     * Returns the name of the mechanism that moved most bytes of the body.
     *
     * @return the name of {@link #mechanism()}; for a mechanism that a provider added, its own name
     */
    public String mechanismName() {
        return details == null ? mechanism.name() : details.mechanismName();
    }

    /**
     * Returns the mechanisms that moved bytes, with what each moved.
     *
     * @return one for each mechanism, in the order of their first byte
     */
    public List<Leg> legs() {
        return details == null ? List.of(new Leg(mechanism, bytes)) : details.legs();
    }

    /**
     * Returns the mechanisms that were tried and declined, before or after the first byte, with reasons.
     *
     * @return the mechanisms in the order in which they declined
     */
    public List<Fallback> fallbacks() {
        return details == null ? List.of() : details.fallbacks();
    }

    /**
     * Returns how long the transfer took.
     *
     * @return time from the start of the transfer to its end
     */
    public Duration elapsed() {
        return Duration.ofNanos(elapsedNanos);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TransferResult that
                && bytes == that.bytes
                && end == that.end
                && mechanism == that.mechanism
                && mechanismName().equals(that.mechanismName())
                && legs().equals(that.legs())
                && fallbacks().equals(that.fallbacks())
                && elapsedNanos == that.elapsedNanos;
    }

    @Override
    public int hashCode() {
        return Objects.hash(bytes, end, mechanismName(), legs(), fallbacks(), elapsedNanos);
    }

    /**
     * Describes the result in one line, for example
     * {@code 65536 bytes by SENDFILE in 0.9 ms, to the end of the source}.
     *
     * @return bytes, mechanism or mechanisms, time, end, and which mechanisms declined and why
     */
    @Override
    public String toString() {
        StringBuilder told = new StringBuilder().append(bytes).append(bytes == 1 ? " byte by " : " bytes by ");
        List<Leg> legs = legs();
        if (legs.size() < 2) {
            told.append(mechanismName());
        } else {
            told.append(legs.stream()
                    .map(leg -> leg.name() + " (" + leg.bytes() + ")")
                    .collect(joining(", ")));
        }
        told.append(String.format(Locale.ROOT, " in %.1f ms", elapsedNanos / 1e6));
        told.append(end == End.SOURCE_ENDED ? ", to the end of the source" : ", as many as asked for");
        for (Fallback fallback : fallbacks()) {
            told.append("; ").append(fallback.name()).append(" declined: ").append(fallback.reason());
        }
        return told.toString();
    }
}
