package io.zerocopy.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Transfers;
import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.internal.machine.NativeBinding;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.nio.NioProvider;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The page of the package {@code io.zerocopy} names the classes of one transfer in the order of the stack at its calls.
 */
class TransferStackTest {
    private static final Path PAGE = Path.of("../zerocopy-api/src/main/java/io/zerocopy/package-info.java");
    private static final String LIBRARY = "io.zerocopy.";
    private static final String PLAN = "each strategy";
    private static final long DEADLINE_SECONDS = 120;
    private static final long SIZE = 64 << 20; // more than the buffers of a connection hold

    private final Map<String, List<String>> stacks = Collections.synchronizedMap(new LinkedHashMap<>());
    private final CountDownLatch waits = new CountDownLatch(1);
    private final Thread caller = Thread.currentThread();
    private final Syscalls kernel = NativeBinding.bound().syscalls();

    /** Returns the top-level classes of the library, the first caller first; calls within a class count once. */
    private static List<String> stack() {
        List<String> classes = new ArrayList<>();
        for (StackTraceElement frame : new Throwable().getStackTrace()) {
            String name = frame.getClassName().replaceFirst("\\$.*", "");
            boolean ofLibrary = name.startsWith(LIBRARY) && !name.equals(TransferStackTest.class.getName());
            String shorter = ofLibrary ? name.substring(LIBRARY.length()) : null;
            if (ofLibrary && (classes.isEmpty() || !classes.get(0).equals(shorter))) {
                classes.add(0, shorter);
            }
        }
        return classes;
    }

    /** Records the stack of the first call of each name. */
    private Object noted(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (Thread.currentThread() == caller) {
            stacks.computeIfAbsent(method.getName() + "(2)", name -> stack());
        }
        if (method.getName().equals("poll")) {
            waits.countDown();
        }
        try {
            return method.invoke(kernel, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Records the stack of its caller, and serves no pair. */
    private final class AskedStrategy implements Strategy {
        @Override
        public Mechanism mechanism() {
            return Mechanism.SENDFILE;
        }

        @Override
        public String name() {
            return "ASKED";
        }

        @Override
        public String refusal(EndpointFacts source, EndpointFacts target, TransferRequest request) {
            stacks.computeIfAbsent(PLAN, name -> stack());
            return "only asked";
        }

        @Override
        public Mover open(Source source, Target target, TransferRequest request) {
            throw new AssertionError("it has refused");
        }
    }

    /** A provider of that strategy. */
    private final class AskedProvider implements Provider {
        @Override
        public String name() {
            return "asked";
        }

        @Override
        public int rank() {
            return 2000;
        }

        @Override
        public List<Strategy> strategies() {
            return List.of(new AskedStrategy());
        }

        @Override
        public EndpointFacts describe(Path path, boolean target) {
            return null;
        }

        @Override
        public Source source(Closeable source) {
            return null;
        }

        @Override
        public Target target(Closeable target) {
            return null;
        }
    }

    private void copy() throws Exception {
        Syscalls sys = (Syscalls)
                Proxy.newProxyInstance(Syscalls.class.getClassLoader(), new Class<?>[] {Syscalls.class}, this::noted);
        List<Provider> providers = List.of(new LinuxProvider(new Kernel(sys)), new NioProvider(), new AskedProvider());
        Class<?> type = Class.forName("io.zerocopy.internal.plan.Providers");
        Constructor<?> constructor = type.getDeclaredConstructor(List.class);
        constructor.setAccessible(true);
        Field installed = type.getDeclaredField("installed");
        installed.setAccessible(true);
        Object before = installed.get(null);
        installed.set(null, constructor.newInstance(providers));
        try (ChannelFixture ends = new ChannelFixture()) {
            Path file = ends.path();
            try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
                sparse.setLength(SIZE);
            }
            SocketChannel[] tcp = ends.tcp();
            CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> readAll(tcp[1]));
            stacks.clear();
            assertThat(Transfers.copy(file, tcp[0]).mechanism()).isEqualTo(Mechanism.SENDFILE);
            reader.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } finally {
            installed.set(null, before);
        }
    }

    /** Reads once the sender waits. */
    private void readAll(SocketChannel from) {
        try {
            waits.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
            ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
            long left = SIZE;
            while (left > 0) {
                left -= from.read(buffer.clear());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the lists of the page, by the call at their end. */
    private static Map<String, List<String>> lists() throws IOException {
        String page = Files.readString(PAGE);
        String text = page.substring(page.indexOf("<b>Who calls whom</b>")).replaceAll("\\s*\\n \\*\\s*", " ");
        Map<String, List<String>> lists = new LinkedHashMap<>();
        for (String item :
                text.substring(text.indexOf("<ol>"), text.indexOf("</ol>")).split("<li>")) {
            List<String> classes = new ArrayList<>();
            Matcher arrow = Pattern.compile("\\{@code ([\\w.]+)} &rarr; ").matcher(item);
            int end = 0;
            while (arrow.find()) {
                classes.add(arrow.group(1));
                end = arrow.end();
            }
            if (end > 0) {
                lists.put(item.substring(end).replaceFirst("[.,].*", ""), classes);
            }
        }
        return lists;
    }

    @Test
    void isThatOfThePage() throws Exception {
        copy();
        Map<String, List<String>> lists = lists();
        assertThat(lists)
                .containsOnlyKeys("openat(2)", "statx(2)", "fcntl(2)", "getsockopt(2)", PLAN, "sendfile(2)", "poll(2)");
        lists.forEach((call, classes) -> assertThat(stacks.get(call)).as(call).isEqualTo(classes));
    }
}
