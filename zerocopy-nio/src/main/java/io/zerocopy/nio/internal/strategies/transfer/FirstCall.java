package io.zerocopy.nio.internal.strategies.transfer;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/**
 * Whether one of the JDK's copying calls has declined or failed. The JDK passes no errno on, only a text, in the language of
 * the system: so it is not the text that decides, but whether anything has moved. These calls throw only if they have moved
 * nothing. The first one that throws has therefore declined: the next mechanism begins at the same byte, and meets what is
 * really wrong, such as a full disk, by a call of its own, which names it. Behind bytes that have moved, the call has proved
 * to work for this pair, and an exception is a failure.
 *
 * <p>Always a failure: an end that was closed, by an interrupt too; and a mapping that has changed under the JDK, which may
 * have moved bytes before. What a channel of unknown make throws is not the JDK's, and none of this.
 */
final class FirstCall {
    private final String call;
    private final boolean ofJdk;
    private boolean moved;
    private String declinedBecause = "";

    /**
     * Nothing has moved.
     *
     * @param call the call's name for people
     * @param ofJdk whether the JDK has made both ends, so that no exception is somebody else's
     */
    FirstCall(String call, boolean ofJdk) {
        this.call = call;
        this.ofJdk = ofJdk;
    }

    /** Bytes have moved. */
    void moved() {
        moved = true;
    }

    /** Whether an exception of the JDK says that it does not serve this pair; takes note of the reason. */
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
