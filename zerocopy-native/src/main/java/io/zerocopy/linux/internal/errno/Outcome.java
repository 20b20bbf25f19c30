package io.zerocopy.linux.internal.errno;

/** The meaning of an error. */
public enum Outcome {
    /** This call has moved nothing: the next mechanism continues, for this pair only. */
    DECLINE,
    /** The same; and for the rest of the process, if the call gives the same answer for descriptor -1. */
    DECLINE_FOR_GOOD,
    /** The same; and for all files of this file system, if its files behave alike. */
    DECLINE_FOR_FILE_SYSTEM,
    /** An end is not ready: wait for it, and call again. */
    WAIT,
    /** Call again at once. */
    RETRY,
    /** Try the same bytes again without the refused flag of the call or of the descriptor. */
    WITHOUT_FLAG,
    /** Try again for only those bytes that fill whole blocks; if that is also refused, decline. */
    WHOLE_BLOCKS,
    /** There are no more bytes. */
    END,
    /** A file has this name already. */
    EXISTS,
    /** No file has this name. */
    MISSING,
    /** A real failure: it ends the transfer, with the count. */
    FAIL;

    /** Whether the next mechanism continues. */
    public boolean declines() {
        return this == DECLINE || this == DECLINE_FOR_GOOD || this == DECLINE_FOR_FILE_SYSTEM || this == WHOLE_BLOCKS;
    }
}
