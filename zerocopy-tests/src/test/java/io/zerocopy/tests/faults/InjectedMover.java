package io.zerocopy.tests.faults;

import io.zerocopy.Transfer;
import io.zerocopy.linux.LinuxProvider;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.bind.Binding;
import io.zerocopy.nio.NioProvider;
import io.zerocopy.tests.faults.InjectedSubject.Outcome;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.StatusFlags;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The thread whose calls fail: it only transfers. */
final class InjectedMover {
    /** The number of bytes of each transfer. */
    static final int SIZE = 300_000;

    private static final byte[] BYTES = Content.PATTERN.bytes(0, SIZE);

    private final ExecutorService moving = Executors.newSingleThreadExecutor();
    private final Thread thread;
    private volatile boolean cold;

    InjectedMover() throws Exception {
        thread = moving.submit(Thread::currentThread).get();
    }

    static byte[] bytes() {
        return BYTES.clone();
    }

    <T> T on(Callable<T> work) throws Exception {
        return TestFixture.join(moving.submit(work));
    }

    /** Returns whether each transfer finds the kernel anew: probes, the first pipe of a pool, the first ring. */
    boolean isCold() {
        return cold;
    }

    void cold(boolean is) {
        cold = is;
    }

    void end() {
        moving.shutdown();
    }

    String threadNumber() throws Exception {
        Callable<String> number =
                () -> Path.of("/proc/thread-self").toRealPath().getFileName().toString();
        return moving.submit(number).get();
    }

    /** Waits until the transfer waits for the rest of its bytes; if it has failed instead, returns soon. */
    void untilItWaits() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            for (StackTraceElement frame : thread.getStackTrace()) {
                if (frame.getClassName().endsWith(".Readiness")) {
                    return;
                }
            }
            Thread.sleep(1);
        }
    }

    /** Runs a transfer on the thread whose calls fail. Returns its failure, or null, and the flags that it has left. */
    Moved moved(Callable<Transfer> made) throws Exception {
        StatusFlags before = new StatusFlags();
        IOException failure = TestFixture.join(moving.submit(() -> {
            try {
                Transfer transfer = made.call();
                findAnew(transfer);
                long bytes = transfer.run().bytes();
                return bytes == SIZE ? null : new IOException("counted " + bytes);
            } catch (IOException e) {
                return e;
            }
        }));
        return new Moved(failure, InjectedSubject.flags(before));
    }

    record Moved(IOException failure, String remark) {
        Outcome with(byte[] arrived, byte[] left) {
            return new Outcome(BYTES, arrived, failure, left, remark);
        }

        Moved remarking(String more) {
            return new Moved(failure, remark + more);
        }
    }

    /** Gives a transfer its own providers; usually a transfer uses those that were found once for the process. */
    void findAnew(Transfer transfer) throws ReflectiveOperationException {
        if (cold) {
            Object kernel =
                    made(Class.forName("io.zerocopy.linux.internal.machine.Kernel"), Syscalls.class, Binding.load());
            Object linux = made(LinuxProvider.class, kernel.getClass(), kernel);
            List<Object> both = List.of(linux, new NioProvider());
            Field providers = transfer.getClass().getDeclaredField("providers");
            providers.setAccessible(true);
            providers.set(transfer, made(Class.forName("io.zerocopy.internal.plan.Providers"), List.class, both));
        }
    }

    private static Object made(Class<?> type, Class<?> parameter, Object argument) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructor(parameter);
        constructor.setAccessible(true);
        return constructor.newInstance(argument);
    }
}
