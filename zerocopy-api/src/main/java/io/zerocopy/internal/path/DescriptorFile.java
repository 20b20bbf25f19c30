package io.zerocopy.internal.path;

import io.zerocopy.spi.OpenFiles;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A new file whose descriptor a provider knows. It is created under its name; for a copy that appears only when it is
 * complete, without a name.
 */
final class DescriptorFile implements MadeFile {
    private static final Set<OpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final OpenFiles files;
    private final Path target;
    private final OpenFiles.Staged staged; // null if it has its name from the start
    private final WritableByteChannel channel;
    private boolean complete;

    private DescriptorFile(OpenFiles files, Path target, OpenFiles.Staged staged, WritableByteChannel channel) {
        this.files = files;
        this.target = target;
        this.staged = staged;
        this.channel = channel;
    }

    /**
     * Creates a file under its name. While it is written, it belongs to the copying user and perhaps to the folder's
     * group. The source's permissions are not meant for them. So, if it will get all attributes, only its owner may
     * read it until then.
     */
    static DescriptorFile named(OpenFiles files, Path target, int mode, boolean all) throws IOException {
        int first = all ? mode & FileMode.OWNER : mode;
        WritableByteChannel channel = Files.newByteChannel(target, NEW, FileMode.attributes(first));
        return new DescriptorFile(files, target, null, channel);
    }

    static DescriptorFile staged(OpenFiles files, Path target, int mode) throws IOException {
        OpenFiles.Staged staged = files.stage(target, mode & FileMode.PERMISSIONS);
        return new DescriptorFile(files, target, staged, staged.channel());
    }

    @Override
    public WritableByteChannel channel() {
        return channel;
    }

    @Override
    public void copyAttributes(CopySource source, boolean all) throws IOException {
        boolean permitted = files.copyAttributes(source.channel(), channel, source.mode(), all);
        if (all && !permitted && staged == null) {
            files.permitAsNew(target, channel, source.mode() & FileMode.PERMISSIONS);
        }
    }

    @Override
    public void complete(boolean replace) throws IOException {
        if (staged != null) {
            staged.publish(replace);
        } else {
            channel.close(); // an error of the close is an error of the copy
        }
        complete = true;
    }

    @Override
    public void close() throws IOException {
        if (staged != null) {
            staged.close();
            return;
        }
        try {
            if (!complete) {
                files.remove(target, channel);
            }
        } finally {
            channel.close();
        }
    }
}
