package io.zerocopy.linux.internal;

import com.sun.jna.Pointer;
import io.zerocopy.linux.sys.Abi;
import java.util.HashMap;
import java.util.Map;

/**
 * What the {@link ModelKernel} knows of direct I/O: files opened once more with {@code O_DIRECT}, by their descriptors'
 * names. What is not aligned is an error of who asked; reads fall short by whole blocks of the device, writes by anything.
 */
final class ModelDirect {
    static final int BLOCK = 512;
    private static final int FIRST = 2000;

    private final ModelKernel kernel;
    private final Map<Integer, ModelChannel> files = new HashMap<>();
    private int next = FIRST;
    private final boolean
            several; // blocks in a step: one behind another that fell short is done again, whatever it came to

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

    /** How many are open. */
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
        long fault = kernel.fault("open", true);
        if (fault < 0) {
            return fault;
        }
        files.put(next, file);
        return next++;
    }

    boolean close(int fd) {
        return files.remove(fd) != null;
    }

    long read(long offset, long address, long count) {
        requireAligned(offset, address, count);
        long most = kernel.fault("pread(O_DIRECT)", several);
        if (most < 0) {
            return most;
        }
        byte[] bytes = kernel.take(offset, Math.min(count - 1, most - 1 | BLOCK - 1) + 1);
        new Pointer(address).write(0, bytes, 0, bytes.length);
        return bytes.length;
    }

    long write(long offset, long address, long count) {
        requireAligned(offset, address, count);
        long most = kernel.fault("pwrite(O_DIRECT)", several);
        if (most < 0) {
            return most;
        }
        byte[] bytes = ModelPipe.part(address, Math.min(count, most));
        kernel.target.put(offset, bytes);
        return bytes.length;
    }

    private static void requireAligned(long offset, long address, long count) {
        if (((offset | address | count) & BLOCK - 1) != 0) {
            throw new AssertionError("not aligned: " + count + " bytes at " + offset + ", " + address);
        }
    }
}
