package io.zerocopy;

/**
 * Receives the progress of a transfer. It is called after each step, on the thread that moves the bytes, and must return
 * quickly. A step copies at most 8 MiB. What moves without being copied, such as a hole or shared extents, is one step
 * whatever its size. An exception that the listener throws ends the transfer and reaches the caller unchanged; a
 * {@link TransferAccount} among its suppressed exceptions carries the count.
 */
@FunctionalInterface
public interface ProgressListener {
    /**
     * Receives the number of bytes that have reached the target.
     *
     * @param transferred bytes that have reached the target so far, 0 or more, never less than at the previous call
     * @param total bytes expected in all, or -1 if unknown
     */
    void onProgress(long transferred, long total);
}
