package io.zerocopy.nio.internal.strategies.transfer;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/**
 * Decides whether one of the JDK's copying calls has declined or failed. The JDK's exceptions have no errno, only a
 * text in the language of the system. So the text does not decide, but whether bytes have moved. A call throws only if
 * it has moved nothing. If the first call throws, the mechanism has declined: the next mechanism begins at the same
 * byte, and its own call reports a real error, such as a full disk, by its name. If bytes have moved before, the call
 * works for this pair, and an exception is a failure.
 *
 * <p>Always a failure: an end that was closed, also by an interrupt; and a mapping that has changed during the call,
 * because the JDK may have moved bytes before. None of this applies to an exception of a foreign channel.
 */
final class FirstCall {
    private final String call;
    private final boolean ofJdk;
    private boolean moved;
    private String declinedBecause = "";

    /**
     * Begins; nothing has moved yet.
     *
     * @param call the call's name for messages
     * @param ofJdk whether both ends are the JDK's, so that no exception comes from foreign code
     */
    FirstCall(String call, boolean ofJdk) {
        this.call = call;
        this.ofJdk = ofJdk;
    }

    /** Records that bytes have moved. */
    void moved() {
        moved = true;
    }

    /** Whether an exception of the JDK means that it declines; records the reason. */
    boolean declines(IOException thrown) {
        boolean fails = thrown instanceof ClosedChannelException || thrown.getCause() instanceof InternalError;
        if (moved || fails || !ofJdk) {
            return false;
        }
        declinedBecause = call + ": " + (thrown.getMessage() == null ? thrown.toString() : thrown.getMessage());
        return true;
    }

    /** Declines for a reason of the mechanism's own. */
    void declined(String why) {
        declinedBecause = why;
    }

    String declinedBecause() {
        return declinedBecause;
    }
}
