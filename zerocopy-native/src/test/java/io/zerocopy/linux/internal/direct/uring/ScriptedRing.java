package io.zerocopy.linux.internal.direct.uring;

import com.sun.jna.Pointer;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The kernel's side of one ring, played in this process: it takes entries from the submission queue when it is entered
 * and writes completions when the test says so. It knows every mapping and descriptor that was not given back.
 */
public final class ScriptedRing {
    public static final int FD = 1000;

    private static final int PAGE = 4096;
    private static final int SQ_ENTRIES_AT = 64;

    /** One entry as the kernel read it. */
    public record Entry(
            int operation, int flags, int fd, long offset, long address, int length, int buffer, long data) {}

    public final Syscalls sys = (Syscalls) Proxy.newProxyInstance(
            Syscalls.class.getClassLoader(), new Class<?>[] {Syscalls.class}, (proxy, method, arguments) -> {
                long result = answer(method.getName(), arguments);
                return method.getReturnType() == int.class ? (Object) (int) result : (Object) result;
            });

    /** Entries taken and not completed, oldest first. */
    public final List<Entry> running = new ArrayList<>();

    /** All entries that were ever taken. */
    public final List<Entry> taken = new ArrayList<>();

    /** Results by call, used before anything else is done. */
    public final Map<String, Deque<Integer>> refusals = new HashMap<>();

    /** Memory that is mapped: address to buffer, which keeps it. */
    public final Map<Long, ByteBuffer> mapped = new TreeMap<>();

    public boolean open;
    public int features = C.IORING_FEAT_SINGLE_MMAP | C.IORING_FEAT_NODROP;
    public int missing = -1; // an operation that the probe does not find
    public boolean cancels = true; // whether cancelling helps

    /** The work at each wait: completes some of the running entries. */
    public Runnable work = () -> complete(0, running.get(0).length());

    private int entries;
    private long queues;
    private long submissions;

    public void refuse(String call, int... results) {
        for (int result : results) {
            refusals.computeIfAbsent(call, name -> new ArrayDeque<>()).add(result);
        }
    }

    private long answer(String call, Object[] arguments) {
        Integer refusal = refusals.getOrDefault(call, new ArrayDeque<>()).pollFirst();
        if (refusal != null) {
            return refusal;
        }
        switch (call) {
            case "io_uring_setup":
                return setup((int) arguments[0], at((long) arguments[1], 120));
            case "io_uring_register":
                return register((int) arguments[1], (long) arguments[2], (int) arguments[3]);
            case "io_uring_enter":
                return enter((int) arguments[1], (int) arguments[2]);
            case "mmap":
                return map((long) arguments[1], (int) arguments[4], (long) arguments[5]);
            case "munmap":
                return mapped.remove(arguments[0]) == null ? -Errno.EINVAL : 0;
            case "close":
                open = false;
                return 0;
            default:
                throw new AssertionError(call);
        }
    }

    private static ByteBuffer at(long address, int length) {
        return new Pointer(address).getByteBuffer(0, length).order(ByteOrder.nativeOrder());
    }

    private int setup(int wanted, ByteBuffer parameters) {
        entries = Integer.highestOneBit(Math.max(1, wanted * 2 - 1));
        open = true;
        parameters.putInt(0, entries).putInt(4, 2 * entries).putInt(20, features);
        for (int i = 0; i < 6; i++) {
            parameters.putInt(40 + 4 * i, 4 * i);
            parameters.putInt(80 + 4 * i, 32 + 4 * i);
        }
        parameters.putInt(64, SQ_ENTRIES_AT).putInt(100, SQ_ENTRIES_AT + 4 * entries);
        return FD;
    }

    private long map(long length, int fd, long offset) {
        ByteBuffer pages = ByteBuffer.allocateDirect((int) length + 2 * PAGE).alignedSlice(PAGE);
        ByteBuffer memory = pages.limit((int) length).slice().order(ByteOrder.nativeOrder());
        long address = Memory.addressOf(memory);
        mapped.put(address, memory);
        if (fd == FD && offset == C.IORING_OFF_SQ_RING) {
            queues = address;
            int wrapping = Integer.MAX_VALUE - 2; // so that the indexes become negative soon
            memory.putInt(0, wrapping).putInt(4, wrapping).putInt(32, wrapping).putInt(36, wrapping);
        } else if (fd == FD) {
            submissions = address;
        }
        return address;
    }

    private int register(int operation, long argument, int count) {
        if (operation == C.IORING_REGISTER_PROBE) {
            ByteBuffer probe = at(argument, 16 + 8 * count);
            for (int i = 0; i < count; i++) {
                probe.putShort(16 + 8 * i + 2, (short) (i == missing ? 0 : C.IO_URING_OP_SUPPORTED));
            }
        }
        return 0;
    }

    private int enter(int count, int awaited) {
        ByteBuffer ring = mapped.get(queues);
        ByteBuffer sqes = mapped.get(submissions);
        int head = ring.getInt(0);
        for (int i = 0; i < count; i++) {
            int at = ring.getInt(SQ_ENTRIES_AT + 4 * (head & entries - 1)) * 64;
            head++;
            take(new Entry(
                    sqes.get(at),
                    sqes.get(at + 1),
                    sqes.getInt(at + 4),
                    sqes.getLong(at + 8),
                    sqes.getLong(at + 16),
                    sqes.getInt(at + 24),
                    sqes.getShort(at + 40),
                    sqes.getLong(at + 32)));
        }
        ring.putInt(0, head);
        if (awaited > 0 && ring.getInt(32) == ring.getInt(36)) {
            work.run();
        }
        return count;
    }

    private void take(Entry entry) {
        taken.add(entry);
        if (entry.operation() == C.IORING_OP_NOP) {
            post(entry.data(), 0);
        } else if (entry.operation() == C.IORING_OP_ASYNC_CANCEL) {
            boolean found = cancels && running.stream().anyMatch(e -> e.data() == entry.address());
            post(entry.data(), found ? 0 : -Errno.ENOENT);
            if (found) {
                running.removeIf(e -> e.data() == entry.address());
                post(entry.address(), -Errno.ECANCELED);
            }
        } else {
            running.add(entry);
        }
    }

    /** Completes one of the running entries. */
    public void complete(int index, int result) {
        post(running.remove(index).data(), result);
    }

    private void post(long data, int result) {
        ByteBuffer ring = mapped.get(queues);
        int tail = ring.getInt(36);
        if (tail - ring.getInt(32) == 2 * entries) {
            throw new AssertionError("the completion queue overflows");
        }
        int at = SQ_ENTRIES_AT + 4 * entries + 16 * (tail & 2 * entries - 1);
        ring.putLong(at, data).putInt(at + 8, result);
        ring.putInt(36, tail + 1);
    }
}
