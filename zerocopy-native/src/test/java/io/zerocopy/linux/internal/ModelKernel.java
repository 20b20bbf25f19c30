package io.zerocopy.linux.internal;

import com.sun.jna.Pointer;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Kind;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A kernel small enough to be surely right: two ends and the pipes between them, all in memory, whose calls go wrong as
 * a {@link FaultScript} says. Every byte is accounted for; what is asked of a descriptor that is not there, or more often than any
 * transfer needs, is an error of who asked.
 */
final class ModelKernel {
    static final int SOURCE = 10;
    static final int TARGET = 11;
    private static final int FIRST_PIPE = 20;
    private static final int MOST_CALLS = 5_000;

    private final FaultScript script;
    private final Map<Integer, ModelPipe> pipes = new HashMap<>(); // by either end
    final ModelDirect direct;
    final ModelSends sends = new ModelSends(this);
    final ModelRing ring;
    private final List<String> fired = new ArrayList<>();
    final ModelChannel source;
    final ModelChannel target;
    final Syscalls sys;
    private int nextPipe = FIRST_PIPE;
    private int calls; // that move bytes, or prepare for it
    private int all;
    private boolean fatal; // a failure that nothing may hide

    ModelKernel(FaultScript script, byte[] content) {
        this.script = script;
        this.direct = new ModelDirect(this, script.size());
        this.ring = new ModelRing(this, direct, script.seed());
        this.source = new ModelChannel(SOURCE, script.source() == Kind.MEMORY ? Kind.TCP : script.source(), content);
        this.target = new ModelChannel(TARGET, script.target(), new byte[0]);
        this.sys = (Syscalls) Proxy.newProxyInstance(
                Syscalls.class.getClassLoader(), new Class<?>[] {Syscalls.class}, (proxy, method, arguments) -> {
                    long result = call(method, arguments);
                    return method.getReturnType() == int.class ? (Object) (int) result : (Object) result;
                });
    }

    List<String> fired() {
        return fired;
    }

    boolean mustFail() {
        return fatal;
    }

    /** Ends of pipes that are open. */
    int openPipes() {
        return pipes.size();
    }

    int inPipes() {
        return pipes.values().stream().mapToInt(ModelPipe::held).sum();
    }

    private static long number(Object argument) {
        return ((Number) argument).longValue();
    }

    private long call(Method method, Object[] a) {
        String name = method.getName();
        if (a[0] instanceof Integer fd && fd == -1) {
            return -Errno.EBADF;
        }
        if (++all > MOST_CALLS) {
            throw new AssertionError("calls without end, the last a " + name);
        }
        return switch (name) {
            case "poll" -> poll(new Pointer(number(a[0])), (int) number(a[1]));
            case "fcntl" -> fcntl((int) number(a[0]), (int) number(a[1]), (int) number(a[2]));
            case "open" -> direct.open((String) a[0], (int) number(a[1]));
            case "close" -> close(method, a);
            case "ftruncate" -> end((int) number(a[0])).truncate((int) number(a[1]));
            case "io_uring_setup" -> script.rings() ? ring.call(method, a) : -Errno.ENOSYS;
            case "io_uring_register", "io_uring_enter", "mmap", "munmap" -> ring.call(method, a);
            case "lseek" -> lseek(end((int) number(a[0])), number(a[1]), (int) number(a[2]));
            case "statx" -> statx(end((int) number(a[0])), new Pointer(number(a[4])));
            case "setsockopt", "getsockopt", "posix_fadvise", "sync_file_range" -> 0;
            case "pipe2" -> pipe2(new Pointer(number(a[0])));
            case "pread" ->
                direct.has((int) number(a[0]))
                        ? direct.read(number(a[3]), number(a[1]), number(a[2]))
                        : read(source, number(a[3]), number(a[1]), number(a[2]));
            case "read" -> readFrom((int) number(a[0]), number(a[1]), number(a[2]));
            case "preadv2" -> readVector(number(a[1]));
            case "pwrite" ->
                direct.has((int) number(a[0]))
                        ? direct.write(number(a[3]), number(a[1]), number(a[2]))
                        : write(number(a[3]), ModelPipe.part(number(a[1]), number(a[2])));
            case "write" -> write(-1, ModelPipe.part(number(a[1]), number(a[2])));
            case "pwritev" -> write(number(a[3]), ModelPipe.vector(number(a[1]), (int) number(a[2])));
            case "pwritev2", "writev" -> write(-1, ModelPipe.vector(number(a[1]), (int) number(a[2])));
            case "sendmsg" -> sends.send(new Pointer(number(a[1])), (int) number(a[2]));
            case "recvmsg" -> sends.report(new Pointer(number(a[1])));
            case "sendfile" -> sendfile(number(a[2]), number(a[3]));
            case "copy_file_range" -> copyFileRange(a);
            case "splice" -> splice(a);
            case "ioctl" -> ioctl(new Pointer(number(a[2])));
            default -> unknown(name);
        };
    }

    private long close(Method method, Object[] a) {
        int fd = (int) number(a[0]);
        if (ring.has(fd)) {
            return ring.call(method, a);
        }
        return direct.close(fd) || pipes.remove(fd) != null ? 0 : unknown("close");
    }

    private long unknown(String name) {
        throw new AssertionError("not expected: " + name);
    }

    ModelChannel end(int fd) {
        return fd == SOURCE ? source : fd == TARGET ? target : direct.file(fd);
    }

    private long poll(Pointer fds, int count) {
        int ready = 0;
        for (int i = 0; i < count; i++) {
            boolean is = end(fds.getInt(i * 8L)).look();
            fds.setShort(i * 8L + 6, is ? fds.getShort(i * 8L + 4) : 0);
            ready += is ? 1 : 0;
        }
        return ready;
    }

    private long fcntl(int fd, int command, int argument) {
        if (command == C.F_SETPIPE_SZ || command == C.F_GETPIPE_SZ) {
            long fault = fault("fcntl", true);
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

    private long pipe2(Pointer fds) {
        long fault = fault("pipe2", true);
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

    /** A negative errno that the script has for this call, or the most bytes that it moves. */
    long fault(String name, boolean harmless) {
        int index = calls++;
        long most = Long.MAX_VALUE;
        for (FaultScript.Fault fault : script.faults()) {
            if (fault.call() == index) {
                switch (fault.way()) {
                    case SHORT -> most = Math.min(most, fault.value());
                    case SOURCE_WAITS -> source.waits += source.isFile() ? 0 : fault.value();
                    case TARGET_WAITS -> target.waits += target.isFile() ? 0 : fault.value();
                    case END -> cut();
                    case FAIL -> {
                        boolean flows = !source.isFile() || !target.isFile();
                        boolean past = name.endsWith("(O_DIRECT)"); // files always answer
                        if (fault.value() == Errno.EAGAIN && (past || !flows)) {
                            continue;
                        }
                        fired.add(name + ": " + Errno.text(fault.value()));
                        fatal |= !harmless && FaultScript.isReal(name, fault.value());
                        return -fault.value();
                    }
                    default -> throw new AssertionError(fault);
                }
            }
        }
        return most;
    }

    private int highest; // that was asked of a file

    private void cut() {
        if (script.source() != Kind.MEMORY) {
            source.size = Math.min(source.size, source.isFile() ? Math.max(highest, 0) : source.position);
        }
    }

    /** Moves from the source into whatever takes it; the rules are those of every call that has one end here. */
    byte[] take(long offset, long most) {
        byte[] bytes = source.peek(offset, most);
        source.taken(bytes.length);
        highest = Math.max(highest, (int) offset + bytes.length);
        return bytes;
    }

    private long readVector(long table) {
        Pointer entry = new Pointer(table);
        return read(source, -1, entry.getLong(0), entry.getLong(8));
    }

    private long readFrom(int fd, long address, long count) {
        if (fd == SOURCE) {
            return read(source, -1, address, count);
        }
        byte[] bytes = pipes.get(fd).take(Math.min(count, most(fault("read", true))));
        new Pointer(address).write(0, bytes, 0, bytes.length);
        return bytes.length;
    }

    /** Of calls that are not to fail: what they move at most all the same. */
    private static long most(long fault) {
        return fault < 0 ? Long.MAX_VALUE : fault;
    }

    private long read(ModelChannel from, long offset, long address, long count) {
        long most = fault("read", false);
        if (most < 0) {
            return most;
        }
        if (!from.look()) {
            return -Errno.EAGAIN;
        }
        byte[] bytes = take(offset, Math.min(count, most));
        new Pointer(address).write(0, bytes, 0, bytes.length);
        return bytes.length;
    }

    private long write(long offset, byte[] bytes) {
        long most = fault("write", false);
        if (most < 0) {
            return most;
        }
        if (!target.look()) {
            return -Errno.EAGAIN;
        }
        byte[] some = Arrays.copyOf(bytes, (int) Math.min(bytes.length, most));
        if (!target.isFile()) {
            return sends.put(some);
        }
        target.put(offset, some);
        return some.length;
    }

    private long copy(long from, long to, long count) {
        byte[] bytes = take(from, Math.min(count, 100_000));
        target.put(to, bytes);
        return bytes.length;
    }

    private long sendfile(long offset, long count) {
        long most = fault("sendfile", false);
        if (most < 0) {
            return most;
        }
        if (!target.look()) {
            return -Errno.EAGAIN;
        }
        long n = copy(new Pointer(offset).getLong(0), target.position, Math.min(count, most));
        target.position += target.isFile() ? (int) n : 0;
        return n;
    }

    private long copyFileRange(Object[] a) {
        long most = fault("copy_file_range", false);
        return most < 0
                ? most
                : copy(
                        new Pointer(number(a[1])).getLong(0),
                        new Pointer(number(a[3])).getLong(0),
                        Math.min(number(a[4]), most));
    }

    private long ioctl(Pointer range) {
        long most = fault("ioctl", true); // a second try, of a shorter range, may fail unheard: nothing has moved
        if (most < 0) {
            return most;
        }
        long count = range.getLong(16);
        boolean toTheEnd = range.getLong(8) + count == source.size;
        if (range.getLong(8) + count > source.size || (count % 4096 != 0 && !toTheEnd)) {
            return -Errno.EINVAL;
        }
        target.put(range.getLong(24), take(range.getLong(8), count));
        return 0;
    }

    private long splice(Object[] a) {
        long most = fault("splice", false);
        if (most < 0) {
            return most;
        }
        int in = (int) number(a[0]);
        int out = (int) number(a[2]);
        long count = Math.min(number(a[4]), most);
        if ((in == SOURCE && !source.look()) || (out == TARGET && !target.look())) {
            return -Errno.EAGAIN;
        }
        long from = number(a[1]) == 0 ? -1 : new Pointer(number(a[1])).getLong(0);
        long to = number(a[3]) == 0 ? -1 : new Pointer(number(a[3])).getLong(0);
        if (out != TARGET) {
            ModelPipe pipe = pipes.get(out);
            int room = pipe.room();
            if (room == 0) {
                return -Errno.EAGAIN;
            }
            byte[] bytes = take(from, Math.min(count, room));
            pipe.put(bytes);
            return bytes.length;
        }
        if (in == SOURCE) {
            return copy(from, to, count);
        }
        byte[] bytes = pipes.get(in).take(count);
        target.put(to, bytes);
        return bytes.length == 0 ? -Errno.EAGAIN : bytes.length;
    }
}
