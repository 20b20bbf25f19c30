package io.zerocopy.spi;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/**
 * What a copy does to files besides moving bytes. It uses open files, not names: between two calls that name a file,
 * another process may put another file in its place; an open file stays what it is. Thread-safe.
 */
public interface OpenFiles {
    /**
     * Reads the mode of an open file.
     *
     * @param open a channel
     * @return its permissions and its set-id and sticky bits, {@code 07777} at most
     * @throws IOException if the channel is closed, or the system does not answer
     */
    int mode(Channel open) throws IOException;

    /**
     * Tells whether an open file is a regular one.
     *
     * @param open a channel
     * @return false for a FIFO or a device
     */
    boolean isRegular(Channel open);

    /**
     * Gives an open file what another open file has besides its bytes. All bytes of the target must be there: set-id bits
     * come last. They are given only where the target has the same owner, or the same group, as the source has when this
     * is called, and only as far as the source has had them since its {@link #mode} was read.
     *
     * @param source a channel to read from
     * @param target a channel to a file that this process has made
     * @param mode what {@link #mode} answered for the source before its first byte was read
     * @param all true for times, user attributes, owner, group and mode; false for set-id and sticky bits alone, which a
     *     writer without privileges does not keep
     * @return whether the target has the source's owner, group and permissions now; false if not all was asked for
     * @throws IOException if times cannot be set, or a channel is closed. What only the superuser may give is left out
     *     without an exception
     */
    boolean copyAttributes(Channel source, Channel target, int mode, boolean all) throws IOException;

    /**
     * Gives an open file the permissions that a new file beside it would get: the umask, or the folder's access list for new
     * files, has its part in them. Where that cannot be found out, the file keeps those that it has.
     *
     * @param name an absolute path to the file, of which only the folder counts
     * @param made a channel to a file that this process has made with fewer permissions
     * @param permissions {@code 0777} at most, before the umask
     * @throws IOException if the channel is closed
     */
    void permitAsNew(Path name, Channel made, int permissions) throws IOException;

    /**
     * Removes the name of a file if it still is the name of the file that a channel was opened to; else does nothing. If
     * others may change names in the folder and their file cannot be told from ours for sure, the name stays.
     *
     * @param name an absolute path
     * @param made the channel, open or closed
     */
    void remove(Path name, Channel made);

    /**
     * Opens the folder of a name, links followed.
     *
     * @param name a path, of which only the folder counts
     * @return the folder; null if the system gives no path to what is open
     * @throws IOException if there is no such folder, or it cannot be opened
     */
    @Nullable
    OpenFolder folder(Path name) throws IOException;

    /** An open folder. Names in it are looked up in this folder, even if its own name stands for another one by now. */
    interface OpenFolder extends Closeable {
        /**
         * Tells how to name what is in the folder.
         *
         * @return a path to the open folder, which leads there until {@link #close()}
         */
        Path path();
    }

    /**
     * Makes a file that gets its name when it is complete.
     *
     * @param target the name that it is to get
     * @param permissions {@code 0777} at most, before the umask
     * @return the file
     * @throws IOException if none can be made in that folder
     */
    Staged stage(Path target, int permissions) throws IOException;

    /** A file without its name. Closing it removes what has no name yet. */
    interface Staged extends Closeable {
        /**
         * Tells where the bytes go.
         *
         * @return an open channel, which {@link #close()} closes
         */
        WritableByteChannel channel();

        /**
         * Tells whether nobody else can open the file before it has its name. If somebody can, it is given no set-id bits:
         * its new owner could write to it before.
         *
         * @return false if it has another name until then, in a folder that others can look into
         */
        boolean isHidden();

        /**
         * Gives the file its name. Nothing but this file can get it by this call.
         *
         * @param replace whether another file of that name is replaced, in one step
         * @throws java.nio.file.FileAlreadyExistsException if there is one and it is not to be replaced
         * @throws IOException if the folder refuses
         */
        void publish(boolean replace) throws IOException;
    }
}
