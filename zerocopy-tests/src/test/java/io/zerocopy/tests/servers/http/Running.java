package io.zerocopy.tests.servers.http;

import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** A server on its own thread over a directory of a fixture. The fixture closes it, and fails if the server failed. */
final class Running {
    final Path root;
    final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final Future<?> loop;
    private volatile Thread thread;

    Running(TestFixture fixture, Consumer<HttpServer.Builder> wishes) throws IOException {
        root = Files.createDirectories(fixture.directory().resolve("root"));
        HttpServer.Builder builder = HttpServer.of(root)
                .onExchange(exchanges::add)
                .idleTimeout(Duration.ofSeconds(TestFixture.DEADLINE_SECONDS));
        wishes.accept(builder);
        server = builder.open();
        loop = fixture.peer(() -> {
            thread = Thread.currentThread();
            server.run();
            return null;
        });
        fixture.keep(this::stop);
    }

    Running(TestFixture fixture) throws IOException {
        this(fixture, builder -> {});
    }

    /** Starts a server that takes uploads into the directory that it serves. */
    static Running withUploads(TestFixture fixture) throws IOException {
        Path root = fixture.directory().resolve("root");
        Files.createDirectories(root);
        return new Running(fixture, builder -> builder.uploads(root));
    }

    Path write(String name, String content) throws IOException {
        return Files.writeString(root.resolve(name), content);
    }

    HttpClient connect() throws IOException {
        return new HttpClient(server.address());
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.address().getPort() + path;
    }

    HttpServer server() {
        return server;
    }

    /** Returns the thread of the loop, once it has started. */
    Thread thread() {
        TestFixture.until("the loop runs", () -> thread != null);
        return thread;
    }

    /** Waits until so many exchanges have ended; returns the last one. */
    Exchange exchange(int number) {
        TestFixture.until(number + " exchanges", () -> exchanges.size() >= number);
        return exchanges.get(number - 1);
    }

    /** Closes it and waits for the end of the loop; a second call does nothing. */
    void stop() throws Exception {
        server.close();
        TestFixture.join(loop);
    }
}
