package io.zerocopy.linux.internal.model;

import com.sun.jna.Pointer;
import io.zerocopy.linux.internal.model.ModelFaults.Place;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.EndpointKind;
import java.util.Map;

/** The calls of the {@link ModelKernel} that copy inside the kernel. */
final class ModelCopies {
    private final ModelKernel kernel;
    private int clones; // clones that were tried

    ModelCopies(ModelKernel kernel) {
        this.kernel = kernel;
    }

    private long put(long to, byte[] bytes) {
        if (!kernel.target.isFile()) {
            return kernel.sends.put(bytes, false);
        }
        kernel.target.put(to, bytes);
        return bytes.length;
    }

    /** Whether a copy finds no bytes in the source, although a read would. */
    private boolean seesNothing() {
        boolean nothing = kernel.source.unseen() <= 0;
        if (nothing) {
            kernel.faults.hasSeenNothing();
        }
        return nothing;
    }

    long sendfile(int out, int in, long offset, long count) {
        ModelKernel.require(out, ModelKernel.TARGET, "sendfile");
        ModelKernel.require(in, ModelKernel.SOURCE, "sendfile");
        kernel.target.requireCannotWait(false, "sendfile");
        long most = kernel.faults.of("sendfile", ModelKernel.place(kernel.target));
        if (most < 0) {
            return most;
        }
        if (!kernel.look(kernel.target)) {
            return -Errno.EAGAIN;
        }
        if (seesNothing()) {
            return kernel.source.unseen();
        }
        int before = kernel.source.position;
        long from = offset == 0 ? -1 : new Pointer(offset).getLong(0);
        byte[] bytes = kernel.source.take(from, Math.min(100_000, Math.min(count, most)));
        long n = put(kernel.target.position, bytes);
        if (from < 0) {
            kernel.source.position = before + (int) n;
        }
        kernel.target.position += kernel.target.isFile() ? (int) n : 0;
        return n;
    }

    long copyFileRange(Object[] a) {
        ModelKernel.require(ModelKernel.index(a[0]), ModelKernel.SOURCE, "copy_file_range");
        ModelKernel.require(ModelKernel.index(a[2]), ModelKernel.TARGET, "copy_file_range");
        long most = kernel.faults.of("copy_file_range", Place.FILES);
        long from = new Pointer(ModelKernel.number(a[1])).getLong(0);
        long to = new Pointer(ModelKernel.number(a[3])).getLong(0);
        if (most >= 0 && seesNothing()) {
            return 0;
        }
        return most < 0
                ? most
                : put(to, kernel.source.take(from, Math.min(100_000, Math.min(ModelKernel.number(a[4]), most))));
    }

    long share(int fd, Pointer range) {
        ModelKernel.require(fd, ModelKernel.TARGET, "ioctl");
        ModelKernel.require((int) range.getLong(0), ModelKernel.SOURCE, "ioctl");
        // A second try, of a shorter range, may fail without a report: nothing has moved.
        long most = kernel.faults.of("ioctl", clones++ > 0 ? Place.ANYWAY : Place.FILES);
        if (most < 0) {
            return most;
        }
        long count = range.getLong(16);
        boolean toTheEnd = range.getLong(8) + count == kernel.source.size;
        if (range.getLong(8) + count > kernel.source.size || (count % 4096 != 0 && !toTheEnd)) {
            return -Errno.EINVAL;
        }
        kernel.target.put(range.getLong(24), kernel.source.take(range.getLong(8), count));
        return 0;
    }

    long splice(Object[] a, Map<Integer, ModelPipe> pipes) {
        ModelChannel in = ModelKernel.index(a[0]) == ModelKernel.SOURCE ? kernel.source : null;
        ModelChannel out = ModelKernel.index(a[2]) == ModelKernel.TARGET ? kernel.target : null;
        requireSplice(in, out, ModelKernel.index(a[5]));
        long most = kernel.faults.of("splice", isAlwaysReady(in, out) ? Place.FILES : Place.FLOW);
        if (most < 0) {
            return most;
        }
        long count = Math.min(ModelKernel.number(a[4]), most);
        if ((in != null && !kernel.look(in)) || (out != null && !kernel.look(out))) {
            return -Errno.EAGAIN;
        }
        if (in != null && seesNothing()) {
            return kernel.source.unseen();
        }
        long from = ModelKernel.number(a[1]) == 0 ? -1 : new Pointer(ModelKernel.number(a[1])).getLong(0);
        long to = ModelKernel.number(a[3]) == 0 ? -1 : new Pointer(ModelKernel.number(a[3])).getLong(0);
        if (out == null) {
            ModelPipe pipe = pipes.get(ModelKernel.index(a[2]));
            byte[] bytes = kernel.source.take(from, Math.min(count, pipe.room()));
            boolean full = pipe.room() == 0;
            pipe.put(bytes);
            return full ? -Errno.EAGAIN : bytes.length;
        }
        if (in != null) {
            return put(to, in.take(from, Math.min(100_000, count)));
        }
        byte[] bytes = pipes.get(ModelKernel.index(a[0])).take(count);
        return bytes.length == 0 ? -Errno.EAGAIN : put(to, bytes);
    }

    /** Whether the copy is between a file and the transfer's pipe, which has room for the bytes. */
    private static boolean isAlwaysReady(ModelChannel in, ModelChannel out) {
        return in == null ? out.isFile() : out == null && in.isFile();
    }

    /** A flag of each call keeps a pipe from waiting; other ends have no such flag. */
    private static void requireSplice(ModelChannel in, ModelChannel out, int flags) {
        boolean told = (flags & C.SPLICE_F_NONBLOCK) != 0;
        if (!told) {
            throw new AssertionError("a splice that may wait for a pipe");
        }
        if (in != null) {
            in.requireCannotWait(in.kind == EndpointKind.PIPE, "splice");
        }
        if (out != null) {
            out.requireCannotWait(out.kind == EndpointKind.PIPE, "splice");
        }
    }
}
