package io.zerocopy.linux.internal;

import com.sun.jna.Pointer;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The descriptors of a process, the lowest free number first, with a turn of {@link Turns} before every call: so a number
 * that is given back is somebody else's soon, and who still uses it is found out.
 */
final class ModelDescriptors {
    private static final int FIRST = 100;

    private final Turns turns;
    private final Random random;
    private final Map<Integer, Integer> flags = new TreeMap<>(); // by descriptor
    private final Map<Integer, String> strangers = new TreeMap<>();
    final Syscalls sys;

    ModelDescriptors(Turns turns, long seed) {
        this.turns = turns;
        this.random = new Random(seed);
        this.sys = (Syscalls) Proxy.newProxyInstance(
                Syscalls.class.getClassLoader(), new Class<?>[] {Syscalls.class}, (proxy, method, arguments) -> {
                    turns.next();
                    long result = call(method, arguments);
                    return method.getReturnType() == int.class ? (Object) (int) result : (Object) result;
                });
    }

    /** A descriptor that the library has to do with. */
    synchronized int open() {
        int fd = FIRST;
        while (flags.containsKey(fd)) {
            fd++;
        }
        flags.put(fd, C.O_RDWR);
        return fd;
    }

    /** A descriptor of somebody else. */
    synchronized int openStranger() {
        int fd = open();
        strangers.put(fd, Thread.currentThread().getName());
        return fd;
    }

    synchronized int flags(int fd) {
        return flags.get(fd);
    }

    synchronized int count() {
        return flags.size();
    }

    private synchronized long call(Method method, Object[] a) {
        String name = method.getName();
        if (name.equals("pipe2")) {
            if (random.nextInt(5) == 0) {
                return -Errno.ENFILE;
            }
            Pointer both = new Pointer((long) a[0]);
            both.setInt(0, open());
            both.setInt(4, open());
            return 0;
        }
        int fd = (int) a[0];
        if (!flags.containsKey(fd) || strangers.containsKey(fd)) {
            throw new AssertionError(name + " of descriptor " + fd + ", which is " + strangers.get(fd) + "'s by now");
        }
        switch (name) {
            case "close":
                flags.remove(fd);
                return 0;
            case "fcntl":
                return fcntl(fd, (int) a[1], (int) a[2]);
            case "preadv2":
                return -Errno.EOPNOTSUPP;
            case "read":
                if ((flags.get(fd) & C.O_NONBLOCK) == 0) {
                    throw new AssertionError("this read would wait");
                }
                return -Errno.EAGAIN;
            default:
                throw new AssertionError(name);
        }
    }

    private int fcntl(int fd, int command, int argument) {
        switch (command) {
            case C.F_SETFL:
                flags.put(fd, argument);
                return 0;
            case C.F_GETFL:
                return flags.get(fd);
            case C.F_SETPIPE_SZ:
                return random.nextInt(4) == 0 ? -Errno.EPERM : argument;
            default:
                return 64 << 10;
        }
    }
}
