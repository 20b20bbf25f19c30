package io.zerocopy.tests.servers.http;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferResult;
import io.zerocopy.tests.servers.message.Request;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/** Collects the details of each exchange of a connection and reports each exchange once. */
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

    /** A response is being sent, perhaps to an invalid request. */
    void answered(int with) {
        if (told) {
            request = "-";
            received = null;
            begun = System.nanoTime();
            told = false;
        }
        status = with;
    }

    /** The body of a request has been stored in its file. */
    void moved(TransferResult upload) {
        received = upload;
    }

    /** The response has been sent. */
    void sent(TransferResult response, long body) {
        if (received != null) {
            tell(received.bytes(), received.mechanism(), null);
        } else {
            tell(body, response.mechanism(), null);
        }
    }

    /** The exchange has failed. */
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
