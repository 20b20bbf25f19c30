package io.zerocopy;

/**
 * Hears how far a transfer is. Called on the thread that moves the bytes, after each step; must return quickly. What it
 * throws ends the transfer and reaches its caller as it is; a suppressed {@link TransferFailure} has the count.
 */
@FunctionalInterface
public interface ProgressListener {
    /**
     * Tells how many bytes have reached the target.
     *
     * @param transferred bytes that reached the target so far, 0 or more, never less than at the call before
     * @param total bytes that are expected in all, or -1 when unknown
     */
    void onProgress(long transferred, long total);
}
