package io.zerocopy.nio.internal.strategies;

import io.zerocopy.spi.Kind;

/**
 * Whether closing a channel waits for a {@code transferTo} that writes to it.
 *
 * <p>Every write of the JDK's channels is announced to the channel, so that a close by another thread waits for it before
 * it gives the descriptor up. On 17 {@code FileChannel.transferTo} announces itself to the source alone: a target that is
 * closed meanwhile may have its number pass to whatever is opened next, and the bytes go there. Newer JDKs announce it to
 * both, by methods that are looked for by name, since a race cannot be probed by running it. Where they cannot be seen, it
 * counts as unguarded.
 */
final class CloseGuard {
    private static final boolean PRESENT = declares("sun.nio.ch.SocketChannelImpl", "beforeTransferTo")
            && declares("sun.nio.ch.FileChannelImpl", "beforeTransfer");

    private CloseGuard() {}

    /** Why the bytes of a {@code transferTo} to this kind of target may end up elsewhere; null where they cannot. */
    static String missingFor(Kind target) {
        return PRESENT || target == Kind.OPAQUE
                ? null
                : "this JDK's transferTo may write to what is opened next when another thread closes the target";
    }

    private static boolean declares(String type, String method) {
        try {
            return Class.forName(type, false, null).getDeclaredMethod(method).getParameterCount() == 0;
        } catch (ReflectiveOperationException | LinkageError | SecurityException unseen) {
            return false;
        }
    }
}
