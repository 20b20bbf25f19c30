package io.zerocopy.linux.internal.model;

import com.sun.jna.Pointer;
import io.zerocopy.linux.internal.memory.AlignedBlock;
import io.zerocopy.linux.internal.model.ModelFaults.Place;
import io.zerocopy.linux.sys.Abi;
import java.util.HashMap;
import java.util.Map;

/**
 * Direct I/O of the {@link ModelKernel}: files that were opened once more with {@code O_DIRECT}, by their descriptors'
 * names. Requests that are not aligned are errors of the caller. Short reads stop at whole blocks of the device, short
 * writes anywhere.
 */
final class ModelDirect {
    static final int BLOCK = 512;
    private static final int FIRST = 2000;

    private final ModelKernel kernel;
    private final Map<Integer, ModelChannel> files = new HashMap<>();
    private int next = FIRST;

    /** Whether a step has several blocks: the one after a short block is repeated, whatever its result. */
    private final boolean several;

    ModelDirect(ModelKernel kernel, int size) {
        this.kernel = kernel;
        this.several = size > AlignedBlock.CAPACITY;
    }

    boolean has(int fd) {
        return files.containsKey(fd);
    }

    ModelChannel file(int fd) {
        return files.get(fd);
    }

    /** How many of these files are open. */
    int open() {
        return files.size();
    }

    long open(String path, int flags) {
        String prefix = "/proc/self/fd/";
        ModelChannel file =
                path.startsWith(prefix) ? kernel.end(Integer.parseInt(path.substring(prefix.length()))) : null;
        if (file == null || !file.isFile() || (flags & Abi.current().O_DIRECT()) == 0) {
            throw new AssertionError("not expected: open " + path);
        }
        long fault = kernel.faults.of("open", Place.FILES);
        if (fault < 0) {
            return fault;
        }
        files.put(next, file);
        return next++;
    }

    boolean close(int fd) {
        return files.remove(fd) != null;
    }

    boolean several() {
        return several;
    }

    long read(int fd, long offset, long address, long count, Place place) {
        requireAligned(offset, address, count);
        requireFile(fd, kernel.source);
        long most = kernel.faults.of("pread(O_DIRECT)", place);
        if (most < 0) {
            return most;
        }
        byte[] bytes = kernel.source.take(offset, Math.min(count - 1, most - 1 | BLOCK - 1) + 1);
        new Pointer(address).write(0, bytes, 0, bytes.length);
        return bytes.length;
    }

    long write(int fd, long offset, long address, long count, Place place) {
        requireAligned(offset, address, count);
        requireFile(fd, kernel.target);
        long most = kernel.faults.of("pwrite(O_DIRECT)", place);
        if (most < 0) {
            return most;
        }
        byte[] bytes = ModelPipe.part(address, Math.min(count, most));
        kernel.target.put(offset, bytes);
        return bytes.length;
    }

    private void requireFile(int fd, ModelChannel file) {
        if (files.get(fd) != file) {
            throw new AssertionError("descriptor " + fd + " is another file");
        }
    }

    private static void requireAligned(long offset, long address, long count) {
        if (((offset | address | count) & BLOCK - 1) != 0) {
            throw new AssertionError("not aligned: " + count + " bytes at " + offset + ", " + address);
        }
    }
}
