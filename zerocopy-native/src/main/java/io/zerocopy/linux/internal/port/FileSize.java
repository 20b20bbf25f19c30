package io.zerocopy.linux.internal.port;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.memory.Memory;
import java.io.IOException;

/** Makes holes in a file, and makes it longer. The caller of each method holds the close lock. */
final class FileSize {
    private static final int SMALLEST_PAGE = 4096;

    private FileSize() {}

    /** Also after the end: XFS gives a growing file extra space there, which would remain in a hole that follows. */
    static boolean punch(DescriptorTarget file, long from, long to) {
        int how = C.FALLOC_FL_PUNCH_HOLE | C.FALLOC_FL_KEEP_SIZE;
        return file.sys.fallocate(file.fd(), how, from, to - from) >= 0;
    }

    /**
     * If somebody else writes at a later position, a call that sets the size could cut that off. A byte that is written
     * at the end cannot do so; the block that it takes is given back if the file ends with it.
     */
    static long extend(DescriptorTarget file, long zeros, long size, boolean alone) throws IOException {
        if (file.sizeUnderLock() >= size) {
            return 0;
        }
        if (alone) {
            return file.checkedHere("ftruncate", file.sys.ftruncate(file.fd(), size));
        }
        Memory memory = Memory.take();
        try {
            long zero = memory.putLong(0, 0).address();
            file.checkedHere("pwrite", file.sys.pwrite(file.fd(), zero, 1, size - 1));
            return punch(file, Math.max(zeros, size - SMALLEST_PAGE), size) ? 1 : 0;
        } finally {
            memory.release();
        }
    }
}
