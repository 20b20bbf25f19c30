package io.zerocopy.tests.servers;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferResult;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/** Collects what is told of each exchange of a connection, and tells it once. */
final class ExchangeLog {
    private final SocketAddress client;
    private final Consumer<Exchange> listener;
    private String request = "-";
    private int status;
    private long begun = System.nanoTime();
    private TransferResult received;
    private boolean told = true;

    ExchangeLog(SocketAddress client, Consumer<Exchange> listener) {
        this.client = client;
        this.listener = listener;
    }

    void begin(Request head) {
        request = head.method() + " " + head.target();
        status = 0;
        received = null;
        begun = System.nanoTime();
        told = false;
    }

    /** A response is on its way, perhaps to something that was no request. */
    void answered(int with) {
        if (told) {
            request = "-";
            received = null;
            begun = System.nanoTime();
            told = false;
        }
        status = with;
    }

    /** The body of a request is in its file. */
    void moved(TransferResult upload) {
        received = upload;
    }

    /** The response is out. */
    void sent(TransferResult response, long body) {
        if (received != null) {
            tell(received.bytes(), received.mechanism(), null);
        } else {
            tell(body, response.mechanism(), null);
        }
    }

    /** Nothing more comes of it. */
    void failed(Exception failure, long moved) {
        if (!told) {
            IOException cause = failure instanceof IOException io ? io : new IOException(failure);
            tell(received != null ? received.bytes() : moved, null, cause);
        }
    }

    private void tell(long bytes, Mechanism mechanism, IOException failure) {
        told = true;
        Duration elapsed = Duration.ofNanos(System.nanoTime() - begun);
        listener.accept(new Exchange(client, request, status, bytes, mechanism, elapsed, failure));
    }
}
