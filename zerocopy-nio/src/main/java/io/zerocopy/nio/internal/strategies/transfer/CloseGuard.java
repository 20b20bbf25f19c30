package io.zerocopy.nio.internal.strategies.transfer;

import io.zerocopy.spi.EndpointKind;

/**
 * Finds out whether closing a channel waits for a {@code transferTo} that writes to it.
 *
 * <p>Every write of a JDK channel registers with the channel, so that a close by another thread waits for it before it
 * gives up the descriptor. On 17 {@code FileChannel.transferTo} registers with the source only: if the target is closed
 * meanwhile, its descriptor number may be reused by the next file that is opened, and the bytes go there. Newer JDKs
 * register with both channels, through methods that this class looks up by name, because a race cannot be probed by
 * running it. If they are not found, the target counts as unguarded.
 */
final class CloseGuard {
    private static final boolean OF_FILES = declares("sun.nio.ch.FileChannelImpl", "beforeTransfer");

    /** Looked up when a target is no file; the lookup loads what the methods of a socket channel speak of. */
    private static final class Others {
        static final boolean PRESENT = OF_FILES && declares("sun.nio.ch.SocketChannelImpl", "beforeTransferTo");

        private Others() {}
    }

    private CloseGuard() {}

    /** Why the bytes of a {@code transferTo} to this kind of target may end up elsewhere; null if they cannot. */
    static String missingFor(EndpointKind target) {
        return target == EndpointKind.OPAQUE || (target.isFile() ? OF_FILES : Others.PRESENT)
                ? null
                : "if another thread closes the target, this JDK's transferTo may write to the next file that is opened";
    }

    private static boolean declares(String type, String method) {
        try {
            return Class.forName(type, false, null).getDeclaredMethod(method).getParameterCount() == 0;
        } catch (ReflectiveOperationException | LinkageError | SecurityException unseen) {
            return false;
        }
    }
}
