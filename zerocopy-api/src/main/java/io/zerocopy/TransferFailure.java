package io.zerocopy;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The account of a transfer that failed. The exceptions that the library itself throws during a transfer implement it:
 * {@link TransferException}, {@link TransferClosedException}, {@link TransferClosedByInterruptException} and
 * {@link TransferInterruptedException}.
 *
 * <p>What the caller's own stream or channel throws passes through as the same object, so that the server which made it
 * finds what it expects. The account is then among its {@linkplain Throwable#getSuppressed() suppressed} exceptions, as a
 * {@link TransferAccount}. {@link #of} finds the account in both cases:
 *
 * <pre>{@code
 * try {
 *     Transfers.copy(file, socket);
 * } catch (IOException e) {
 *     boolean clientHasGone = TransferFailure.of(e)
 *             .map(failure -> failure.side() == TransferFailure.Side.TARGET)
 *             .orElse(false);
 * }
 * }</pre>
 */
public interface TransferFailure {
    /** An end of a transfer. */
    enum Side {
        /** The source failed, for example because its disk or its peer did. */
        SOURCE,
        /** The target failed, for example because its disk is full or its peer has gone. */
        TARGET,
        /** Neither end failed, such as after an interrupt; or it cannot be known which one did. */
        UNKNOWN
    }

    /**
     * Returns how many bytes arrived.
     *
     * <p>For a socket, this is what the kernel has taken, not what the peer has read: bytes may still lie in a buffer, or
     * may have been lost with the connection. To continue a send, ask the peer how much it has.
     *
     * @return bytes that reached the target before the failure, 0 or more
     */
    long transferred();

    /**
     * Returns the bytes that were taken from the source and did not reach the target. A file is read by position and
     * can be read again, so for a file this is always empty.
     *
     * @return the bytes in order, ready to be read; empty if there are none
     */
    ByteBuffer remainder();

    /**
     * Returns the mechanism that was at work.
     *
     * @return the mechanism; for one that a provider added, the one of the library that it counts as; empty if none had been chosen yet
     */
    Optional<Mechanism> mechanism();

    /**
     * Returns which end failed. If both ends could have caused an error of the kernel, such as {@code EIO}, the library has
     * found out by a read of the source, or by the state of the socket. After a timeout this is the end that was waited for.
     *
     * @return the end
     */
    Side side();

    /**
     * Finds the account of a failed transfer in what was thrown: in the exception itself, among its suppressed exceptions, or
     * in its causes.
     *
     * <p>There is none if the exception keeps no suppressed exceptions, or if one exception object was thrown by several
     * transfers and the last of them was another thread's. A session still has its count and its remainder.
     *
     * @param thrown what a transfer, a session or a relay threw, or an exception around it
     * @return the account; empty if there is none
     */
    static Optional<TransferFailure> of(Throwable thrown) {
        Objects.requireNonNull(thrown, "thrown");
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>()); // causes may lead in a circle
        for (Throwable each = thrown; each != null && seen.add(each); each = each.getCause()) {
            TransferAccount account = TransferAccount.on(each);
            if (account
                    != null) { // ahead of the exception itself, which may be of a transfer inside a stream of this one
                return account.isOfThisThread() ? Optional.of(account) : Optional.empty();
            }
            if (each instanceof TransferFailure failure) {
                return Optional.of(failure);
            }
            for (Throwable beside : each.getSuppressed()) {
                if (beside instanceof TransferFailure failure) {
                    return Optional.of(failure);
                }
            }
        }
        return Optional.empty();
    }
}
