package io.zerocopy.tests.servers.proxy;

import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;

/** Proxies that run on their own threads until the fixture is closed. */
final class Proxies {
    private Proxies() {}

    static Proxy serve(TestFixture fixture, SocketAddress listen, SocketAddress target, Duration idle)
            throws IOException {
        Proxy proxy = Proxy.open(listen, target, idle);
        Thread thread = new Thread(
                () -> {
                    try {
                        proxy.run();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                "proxy");
        thread.setDaemon(true);
        thread.start();
        fixture.keep(() -> {
            proxy.close();
            thread.join(TestFixture.DEADLINE_SECONDS * 1000);
        });
        return proxy;
    }
}
