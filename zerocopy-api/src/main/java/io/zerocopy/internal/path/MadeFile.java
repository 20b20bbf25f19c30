package io.zerocopy.internal.path;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/**
 * The file that a copy creates, from its first byte to its final name. No other file is changed, even if names change
 * meanwhile. Closing an incomplete file removes it.
 */
interface MadeFile extends Closeable {
    /** The channel for the bytes of the copy. */
    WritableByteChannel channel();

    /** Copies the source's attributes. All bytes must have been written before. */
    void copyAttributes(CopySource source, boolean all) throws IOException;

    /** Gives the file its name, unless it has it from the start. The file then stays. */
    void complete(boolean replace) throws IOException;
}
