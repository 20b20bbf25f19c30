package io.zerocopy.tests.servers;

import io.zerocopy.tests.contract.Rig;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;

/** Proxies that run on a thread of their own until the rig is closed. */
final class Proxies {
    private Proxies() {}

    static Proxy serve(Rig rig, SocketAddress listen, SocketAddress target, Duration idle) throws IOException {
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
        rig.keep(() -> {
            proxy.close();
            thread.join(Rig.DEADLINE_SECONDS * 1000);
        });
        return proxy;
    }
}
