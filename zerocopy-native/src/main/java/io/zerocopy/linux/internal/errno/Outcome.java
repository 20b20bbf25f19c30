package io.zerocopy.linux.internal.errno;

/** What an error means. */
public enum Outcome {
    /** Nothing has moved by this call: the next mechanism goes on, for this pair only. */
    DECLINE,
    /** The same; and for the rest of the process, once the call answers so for descriptor -1 as well. */
    DECLINE_FOR_GOOD,
    /** The same; and for all files of this file system, where its files are all alike. */
    DECLINE_FOR_FILE_SYSTEM,
    /** An end is not ready: wait for it, and call again. */
    WAIT,
    /** Call again at once. */
    RETRY,
    /** The same bytes once more, without what was refused: the flag of the call or of the descriptor. */
    WITHOUT_FLAG,
    /** Once more for those bytes alone that fill whole blocks; if that is refused, too, decline. */
    WHOLE_BLOCKS,
    /** There is no more. */
    END,
    /** A real failure: it ends the transfer, with the count. */
    FAIL;

    /** Whether the next mechanism goes on. */
    public boolean declines() {
        return this == DECLINE || this == DECLINE_FOR_GOOD || this == DECLINE_FOR_FILE_SYSTEM || this == WHOLE_BLOCKS;
    }
}
