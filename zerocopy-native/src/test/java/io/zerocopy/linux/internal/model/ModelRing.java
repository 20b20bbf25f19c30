package io.zerocopy.linux.internal.model;

import io.zerocopy.linux.internal.direct.uring.ScriptedRing;
import io.zerocopy.linux.internal.model.ModelFaults.Place;
import io.zerocopy.linux.sys.C;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Random;

/**
 * The io_uring of the {@link ModelKernel}: a ring with the reads and writes of {@link ModelDirect}. They are done in
 * any order when the caller waits. A cancellation succeeds in some scripts and comes too late in others.
 */
final class ModelRing {
    private final ScriptedRing ring = new ScriptedRing();
    private final ModelKernel kernel;
    private final ModelDirect direct;
    private final Random random;

    ModelRing(ModelKernel kernel, ModelDirect direct, long chance) {
        this.kernel = kernel;
        this.direct = direct;
        this.random = new Random(chance);
        ring.cancels = chance % 3 != 0;
        ring.work = this::work;
    }

    /** Whether a descriptor or mapped memory is left. */
    boolean isLeft() {
        return ring.open || !ring.mapped.isEmpty();
    }

    boolean has(int fd) {
        return fd == ScriptedRing.FD && ring.open;
    }

    long call(Method method, Object[] arguments) {
        if (method.getName().equals("munmap")) {
            requireUnused((long) arguments[0], (long) arguments[1]);
        }
        boolean gives = method.getName().equals("munmap") || method.getName().equals("close");
        long fault = gives ? 0 : kernel.faults.of(method.getName(), Place.FLOW);
        if (fault < 0) {
            return fault;
        }
        try {
            return ((Number) method.invoke(ring.sys, arguments)).longValue();
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new AssertionError(
                    e.getCause() + " at "
                            + java.util.List.of(e.getCause().getStackTrace()).subList(0, 5),
                    e);
        }
    }

    private void requireUnused(long address, long length) {
        for (ScriptedRing.Entry entry : ring.running) {
            if (entry.address() >= address && entry.address() < address + length) {
                throw new AssertionError("memory is given back while it is in use: " + entry);
            }
        }
    }

    private void work() {
        int done = 1 + random.nextInt(ring.running.size());
        for (int i = 0; i < done; i++) {
            int index = random.nextInt(ring.running.size());
            ScriptedRing.Entry entry = ring.running.get(index);
            boolean reads = entry.operation() == C.IORING_OP_READ || entry.operation() == C.IORING_OP_READ_FIXED;
            if (!direct.has(entry.fd())) {
                throw new AssertionError("not open: " + entry);
            }
            long result = reads
                    ? direct.read(entry.fd(), entry.offset(), entry.address(), entry.length(), Place.RING)
                    : direct.write(entry.fd(), entry.offset(), entry.address(), entry.length(), Place.RING);
            ring.complete(index, (int) result);
        }
    }
}
