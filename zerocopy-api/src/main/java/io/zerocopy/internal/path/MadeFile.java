package io.zerocopy.internal.path;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/**
 * The file that a copy makes, from its first byte to its name. Nothing is done to any other file, whatever becomes of
 * names meanwhile. Closing one that is not complete removes it.
 */
interface MadeFile extends Closeable {
    /** Where the bytes go. */
    WritableByteChannel channel();

    /** Gives what the source has besides its bytes, which must all be there. */
    void copyAttributes(CopySource source, boolean all) throws IOException;

    /** Gives it its name, if it has not got that from the start, and keeps it. */
    void complete(boolean replace) throws IOException;
}
