package io.zerocopy.linux.internal.model;

import com.sun.jna.Pointer;
import io.zerocopy.linux.internal.copy.PipePool;
import io.zerocopy.linux.internal.fd.DescriptorMode;
import io.zerocopy.linux.internal.model.ModelFaults.Place;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.EndpointKind;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A kernel that is small enough to be correct: two ends and the pipes between them, all in memory, whose calls fail as
 * a {@link FaultScript} says. Every byte is accounted for. The caller is at fault if it calls with an unknown
 * descriptor, or more often than any transfer needs, or in a way that could wait inside the kernel.
 */
public final class ModelKernel {
    static final int SOURCE = 10;
    static final int TARGET = 11;
    private static final int FIRST_PIPE = 20;
    private static final int MOST_CALLS = 20_000;

    private final FaultScript script;
    private final Map<Integer, ModelPipe> pipes = new HashMap<>(); // by either end
    final ModelFaults faults;
    final ModelDirect direct;
    public final ModelSends sends;
    private final ModelCopies copies = new ModelCopies(this);
    final ModelRing ring;
    public final ModelChannel source;
    public final ModelChannel target;
    public final Syscalls sys;
    private final List<ModelOwner> owners = new ArrayList<>();
    private int nextPipe = FIRST_PIPE;
    private int all;

    public ModelKernel(FaultScript script, byte[] content, byte[] before) {
        this.script = script;
        this.faults = new ModelFaults(script, this);
        this.sends = new ModelSends(this, script.corked(), script.slow());
        this.direct = new ModelDirect(this, script.shape().size());
        this.ring = new ModelRing(this, direct, script.chance());
        EndpointKind from = script.pair().source();
        this.source = new ModelChannel(SOURCE, from == EndpointKind.MEMORY ? EndpointKind.TCP : from, content);
        this.target = new ModelChannel(TARGET, script.pair().target(), before);
        this.target.position = before.length;
        this.sys = (Syscalls) Proxy.newProxyInstance(
                Syscalls.class.getClassLoader(), new Class<?>[] {Syscalls.class}, (proxy, method, arguments) -> {
                    long result = call(method, arguments);
                    return method.getReturnType() == int.class ? (Object) (int) result : (Object) result;
                });
        share(source);
        share(target);
        if (script.owned()) {
            own(source);
            own(target);
        }
    }

    private void share(ModelChannel end) {
        if (end.lease.waits()) {
            end.lease.share(new DescriptorMode(sys));
        }
    }

    private void own(ModelChannel end) {
        if (end.lease.waits()) {
            owners.add(new ModelOwner(end, script.chance() + end.fd));
        }
    }

    /** Ends all holds of others on the ends. */
    void leave() {
        owners.forEach(ModelOwner::end);
    }

    /** Ends of pipes that are open. */
    int openPipes() {
        return pipes.size();
    }

    boolean isOpen(PipePool.Pipe pipe) {
        return pipes.containsKey(pipe.readEnd()) && pipes.containsKey(pipe.writeEnd());
    }

    int inPipes() {
        return pipes.values().stream().mapToInt(ModelPipe::held).sum();
    }

    /** Bytes that the target has now. */
    int delivered() {
        return target.length() - script.shape().at() + sends.unread();
    }

    /** Waits that a status names are for an end that has refused something, and for a source only when nothing is left to deliver. */
    void requireAwaited(boolean ofSource) {
        ModelChannel end = ofSource ? source : target;
        if (end.isFile() || (ofSource && script.pair().source() == EndpointKind.MEMORY)) {
            throw new AssertionError("waits for what is always ready");
        }
        end.requireRefused(ofSource ? "source" : "target");
        if (ofSource && source.position > delivered() - script.shape().header()) {
            throw new AssertionError(
                    "waits for the source with " + source.position + " bytes taken, and " + delivered() + " delivered");
        }
        if (ofSource && sends.isHeldBack()) {
            throw new AssertionError("waits for the source while the target holds bytes back");
        }
    }

    static long number(Object argument) {
        return ((Number) argument).longValue();
    }

    static int index(Object argument) {
        return (int) number(argument);
    }

    private long call(Method method, Object[] a) {
        String name = method.getName();
        if (a[0] instanceof Integer fd && fd == -1) {
            return -Errno.EBADF;
        }
        if (++all > MOST_CALLS) {
            throw new AssertionError("calls without end, the last a " + name);
        }
        if (faults.hasBegun()) { // before that, a transfer may refuse its ends
            owners.forEach(ModelOwner::act);
        }
        return switch (name) {
            case "poll" -> poll(new Pointer(number(a[0])), index(a[1]), index(a[2]));
            case "fcntl" -> fcntl(index(a[0]), index(a[1]), index(a[2]));
            case "open" -> direct.open((String) a[0], index(a[1]));
            case "close" -> close(method, a);
            case "ftruncate" -> end(index(a[0])).truncate(index(a[1]));
            case "io_uring_setup" -> script.rings() ? ring.call(method, a) : -Errno.ENOSYS;
            case "io_uring_register", "io_uring_enter", "mmap", "munmap" -> ring.call(method, a);
            case "lseek" -> lseek(end(index(a[0])), number(a[1]), index(a[2]));
            case "statx" -> index(a[0]) < 0 ? -Errno.ENOENT : statx(end(index(a[0])), new Pointer(number(a[4])));
            case "setsockopt", "getsockopt" -> sends.option(name, index(a[1]), index(a[2]), new Pointer(number(a[3])));
            case "posix_fadvise", "sync_file_range" -> 0;
            case "cachestat" -> {
                if (index(a[0]) < 0) {
                    yield -Errno.EBADF;
                }
                new Pointer(number(a[2])).setLong(0, 1 << 20); // all pages are in memory
                yield 0;
            }
            case "pipe2" -> pipe2(new Pointer(number(a[0])), index(a[1]));
            case "recvmsg" -> sends.report(new Pointer(number(a[1])));
            case "sendfile" -> copies.sendfile(index(a[0]), index(a[1]), number(a[2]), number(a[3]));
            case "copy_file_range" -> copies.copyFileRange(a);
            case "splice" -> copies.splice(a, pipes);
            case "ioctl" -> copies.share(index(a[0]), new Pointer(number(a[2])));
            default -> readOrWrite(name, a);
        };
    }

    private long readOrWrite(String name, Object[] a) {
        int fd = index(a[0]);
        return switch (name) {
            case "pread" ->
                direct.has(fd)
                        ? direct.read(fd, number(a[3]), number(a[1]), number(a[2]), Place.FILES)
                        : read(name, fd, number(a[3]), number(a[1]), number(a[2]), false);
            case "read" ->
                fd == SOURCE
                        ? read(name, fd, -1, number(a[1]), number(a[2]), false)
                        : readPipe(fd, number(a[1]), number(a[2]));
            case "preadv2" -> {
                Pointer entry = new Pointer(number(a[1]));
                yield read(name, fd, -1, entry.getLong(0), entry.getLong(8), (index(a[4]) & C.RWF_NOWAIT) != 0);
            }
            case "pwrite" ->
                direct.has(fd)
                        ? direct.write(fd, number(a[3]), number(a[1]), number(a[2]), Place.FILES)
                        : write(name, fd, number(a[3]), ModelPipe.part(number(a[1]), number(a[2])), false);
            case "write" -> write(name, fd, -1, ModelPipe.part(number(a[1]), number(a[2])), false);
            case "pwritev" -> write(name, fd, number(a[3]), ModelPipe.vector(number(a[1]), index(a[2])), false);
            case "writev" -> write(name, fd, -1, ModelPipe.vector(number(a[1]), index(a[2])), false);
            case "pwritev2" -> {
                boolean told = (index(a[4]) & C.RWF_NOWAIT) != 0;
                yield write(name, fd, -1, ModelPipe.vector(number(a[1]), index(a[2])), told);
            }
            case "sendmsg" -> {
                require(fd, TARGET, name);
                yield sends.send(new Pointer(number(a[1])), index(a[2]));
            }
            default -> unknown(name);
        };
    }

    private long close(Method method, Object[] a) {
        int fd = index(a[0]);
        if (ring.has(fd)) {
            return ring.call(method, a);
        }
        return direct.close(fd) || pipes.remove(fd) != null ? 0 : unknown("close");
    }

    private static long unknown(String name) {
        throw new AssertionError("not expected: " + name);
    }

    static void require(int fd, int expected, String call) {
        if (fd != expected) {
            throw new AssertionError(call + " of descriptor " + fd + " instead of " + expected);
        }
    }

    ModelChannel end(int fd) {
        return fd == SOURCE ? source : fd == TARGET ? target : direct.file(fd);
    }

    private long poll(Pointer fds, int count, int millis) {
        int ready = 0;
        for (int i = 0; i < count; i++) {
            ModelChannel end = end(fds.getInt(i * 8L));
            int events = fds.getShort(i * 8L + 4);
            int found = events == 0 ? sends.error() : isReady(end, events, millis) ? events : 0;
            fds.setShort(i * 8L + 6, (short) found);
            ready += found != 0 ? 1 : 0;
        }
        return ready == 0 && faults.isInterrupted() ? -Errno.EINTR : ready; // it checks first
    }

    private boolean isReady(ModelChannel end, int events, int millis) {
        if (events != (end == source ? C.POLLIN : C.POLLOUT)) {
            throw new AssertionError("polls descriptor " + end.fd + " for " + events);
        }
        if (millis != 0) {
            requireAwaited(end == source);
        }
        boolean ready = look(end);
        end.seenReady = ready;
        return ready;
    }

    boolean look(ModelChannel end) {
        boolean ready = end.look();
        if (!ready) {
            faults.hasWaited(end == source);
        }
        return ready;
    }

    private long fcntl(int fd, int command, int argument) {
        if (command == C.F_SETPIPE_SZ || command == C.F_GETPIPE_SZ) {
            long fault = faults.of("fcntl", Place.FILES);
            return fault < 0 ? fault : ModelPipe.CAPACITY;
        }
        if (command == C.F_SETFL) {
            end(fd).flags = argument;
            return 0;
        }
        return end(fd).flags;
    }

    private static long lseek(ModelChannel file, long offset, int whence) {
        if (whence == C.SEEK_SET) {
            file.position = (int) offset;
        } else if (whence == C.SEEK_CUR) {
            file.position += (int) offset;
        }
        return file.position;
    }

    private static long statx(ModelChannel file, Pointer into) {
        into.setInt(0, C.STATX_DIOALIGN | C.STATX_BASIC_STATS);
        into.setInt(152, ModelDirect.BLOCK);
        into.setInt(156, ModelDirect.BLOCK);
        into.setLong(40, file.size);
        into.setLong(48, file.size / 512 + 8);
        return 0;
    }

    private long pipe2(Pointer fds, int flags) {
        if (flags != (C.O_CLOEXEC | C.O_NONBLOCK)) {
            throw new AssertionError("a pipe that others inherit, or that waits");
        }
        long fault = faults.of("pipe2", Place.FLOW);
        if (fault < 0) {
            return fault;
        }
        ModelPipe pipe = new ModelPipe();
        fds.setInt(0, nextPipe);
        fds.setInt(4, nextPipe + 1);
        pipes.put(nextPipe++, pipe);
        pipes.put(nextPipe++, pipe);
        return 0;
    }

    private long readPipe(int fd, long address, long count) {
        long fault = faults.of("read", Place.ANYWAY);
        byte[] bytes = pipes.get(fd).take(Math.min(count, fault < 0 ? Long.MAX_VALUE : fault)); // it does not fail
        new Pointer(address).write(0, bytes, 0, bytes.length);
        return bytes.length;
    }

    static Place place(ModelChannel end) {
        return end.isFile() ? Place.FILES : Place.FLOW;
    }

    private long read(String name, int fd, long offset, long address, long count, boolean told) {
        require(fd, SOURCE, name);
        source.requireCannotWait(told, name);
        long most = faults.of(name, place(source));
        if (most < 0) {
            return most;
        }
        if (!look(source)) {
            return -Errno.EAGAIN;
        }
        source.show();
        byte[] bytes = source.take(offset, Math.min(count, most));
        new Pointer(address).write(0, bytes, 0, bytes.length);
        return bytes.length;
    }

    private long write(String name, int fd, long offset, byte[] bytes, boolean told) {
        require(fd, TARGET, name);
        target.requireCannotWait(told, name);
        long most = faults.of(name, place(target));
        if (most < 0) {
            return most;
        }
        if (!look(target)) {
            return -Errno.EAGAIN;
        }
        byte[] some = Arrays.copyOf(bytes, (int) Math.min(bytes.length, most));
        if (!target.isFile()) {
            return sends.put(some, false);
        }
        target.put(offset, some);
        return some.length;
    }
}
