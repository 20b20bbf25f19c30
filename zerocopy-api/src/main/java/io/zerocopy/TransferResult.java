package io.zerocopy;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What a finished transfer did.
 *
 * <p>For a socket, {@link #bytes()} is what the kernel has taken, not what the peer has read: some of it may still be on its
 * way, and is lost if the connection breaks. Only an answer of the peer shows that it has everything.
 *
 * @param bytes bytes that reached the target, header and trailer included
 * @param end why it stopped
 * @param mechanism the mechanism that moved most bytes of the body; if there were none, the mechanism that was chosen
 * @param legs the mechanisms that moved bytes, in the order of their first byte, with what each moved
 * @param fallbacks the mechanisms that were tried and declined, before or after the first byte, in order, with reasons
 * @param elapsed time from the start of the transfer to its end
 */
public record TransferResult(
        long bytes, End end, Mechanism mechanism, List<Leg> legs, List<Fallback> fallbacks, Duration elapsed) {
    /**
     * Copies the lists, so that a result never changes.
     *
     * @param bytes bytes that reached the target
     * @param end why it stopped
     * @param mechanism the mechanism that moved most
     * @param legs what each mechanism moved
     * @param fallbacks what declined
     * @param elapsed time taken
     */
    public TransferResult {
        Objects.requireNonNull(end, "end");
        Objects.requireNonNull(mechanism, "mechanism");
        Objects.requireNonNull(elapsed, "elapsed");
        legs = List.copyOf(legs);
        fallbacks = List.copyOf(fallbacks);
    }

    /** Why a transfer stopped. */
    public enum End {
        /** The source had no more bytes. A file that grows ends at the size it had at the start. */
        SOURCE_ENDED,
        /** The requested number of bytes has been moved. */
        COUNT_REACHED
    }

    /**
     * What one mechanism moved.
     *
     * @param mechanism the mechanism
     * @param bytes bytes it brought to the target
     */
    public record Leg(Mechanism mechanism, long bytes) {}

    /**
     * A mechanism that was tried and declined.
     *
     * @param mechanism the mechanism
     * @param reason why it declined, with the system call and errno if there was one
     */
    public record Fallback(Mechanism mechanism, String reason) {}

    /**
     * Describes the result in one line, for example
     * {@code 65536 bytes by SENDFILE in 0.9 ms, to the end of the source}.
     *
     * @return bytes, mechanism or mechanisms, time, end, and which mechanisms declined and why
     */
    @Override
    public String toString() {
        StringBuilder told = new StringBuilder().append(bytes).append(bytes == 1 ? " byte by " : " bytes by ");
        if (legs.size() < 2) {
            told.append(mechanism);
        } else {
            told.append(legs.stream()
                    .map(leg -> leg.mechanism() + " (" + leg.bytes() + ")")
                    .collect(joining(", ")));
        }
        told.append(String.format(Locale.ROOT, " in %.1f ms", elapsed.toNanos() / 1e6));
        told.append(end == End.SOURCE_ENDED ? ", to the end of the source" : ", as many as asked for");
        for (Fallback fallback : fallbacks) {
            told.append("; ").append(fallback.mechanism()).append(" declined: ").append(fallback.reason());
        }
        return told.toString();
    }
}
