package io.zerocopy.tests.servers.http;

import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.tests.servers.message.Refusal;
import io.zerocopy.tests.servers.message.Request;
import io.zerocopy.tests.servers.message.RequestReader;
import io.zerocopy.tests.servers.message.Response;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * One client, as a state machine that never waits: each {@link #turn()} does a small amount of work and returns what to
 * wait for before the next turn.
 *
 * <pre>
 *   READING ──► SENDING ──► READING (keep-alive) or LINGERING
 *      └──► [CONTINUING] ──► RECEIVING ──► SENDING
 * </pre>
 *
 * <p>While a response is sent, nothing is read, so TCP slows down a client that sends requests faster than it reads
 * responses. A client that has shut down its output still gets responses to all its earlier requests.
 */
final class Connection implements Closeable {
    /** What to wait for before the next turn. */
    enum Wait {
        READABLE,
        WRITABLE,
        /** More work can be done now; other connections get their turn first. */
        NOTHING,
        /** The connection has ended. */
        GONE
    }

    private enum State {
        READING,
        CONTINUING,
        RECEIVING,
        SENDING,
        /**
         * Output is shut down. Bytes that the client still sends are discarded, because a close would reset the
         * connection before the client has read everything.
         */
        LINGERING
    }

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final SocketChannel channel;
    private final Site site;
    private final RequestReader reader;
    private final ExchangeLog log;
    private State state = State.READING;
    private boolean keepAlive;
    private TransferSession session; // null while READING and LINGERING
    private Upload upload;
    private Response response;
    private long progress;

    Connection(SocketChannel channel, Site site, int longestHead, Consumer<Exchange> listener) throws IOException {
        this.channel = channel;
        this.site = site;
        this.reader = new RequestReader(longestHead);
        this.log = new ExchangeLog(channel.getRemoteAddress(), listener);
    }

    /** Makes one turn. Never throws: a connection that fails ends, and others are not affected. */
    Wait turn() {
        try {
            switch (state) {
                case READING:
                    return read();
                case LINGERING:
                    return discard();
                default:
                    return move();
            }
        } catch (IOException | RuntimeException e) {
            log.failed(e, moved());
            return Wait.GONE;
        }
    }

    /**
     * Returns a number that grows with every request and every byte of a transfer, and does not change on an idle
     * connection.
     */
    long progress() {
        return progress + (session == null ? 0 : session.transferred());
    }

    private Wait read() throws IOException {
        if (!start()) {
            int n = reader.fill(channel);
            if (n < 0) {
                return Wait.GONE;
            }
            if (n == 0 || !start()) {
                return Wait.READABLE;
            }
        }
        return move();
    }

    /** Starts the next request if its head is complete. */
    private boolean start() throws IOException {
        Request request = null;
        try {
            request = reader.next();
            if (request == null) {
                return false;
            }
            log.begin(request);
            keepAlive = request.keepAlive();
            if (site.takes(request)) {
                receive(request);
            } else {
                keepAlive &= !request.hasBody(); // the body is not read, and the next request comes after it
                send(site.answer(request), request.is("HEAD"));
            }
        } catch (Refusal refusal) {
            refuse(refusal, request);
        } catch (IOException e) { // from the file system, for example too many open files
            refuse(new Refusal(503, "the file cannot be had now"), request);
        }
        progress++;
        return true;
    }

    private void receive(Request request) throws Refusal, IOException {
        boolean asks = request.expectsContinue();
        upload = site.receive(request);
        if (asks && reader.isEmpty()) {
            state = State.CONTINUING;
            session = Transfers.from(ByteBuffer.wrap(CONTINUE))
                    .to(channel)
                    .build()
                    .open();
        } else {
            beginUpload();
        }
    }

    private void beginUpload() throws IOException {
        ByteBuffer along = reader.take(upload.length());
        state = State.RECEIVING;
        session = upload.begin(along, channel);
    }

    private void refuse(Refusal refusal, Request request) throws IOException {
        keepAlive &= request != null && !request.hasBody();
        endUpload();
        send(refusal.response(), request != null && request.is("HEAD"));
    }

    private void send(Response answer, boolean withoutBody) throws IOException {
        response = withoutBody ? answer.withoutBody() : answer;
        if (!keepAlive) {
            response.field("Connection", "close");
        }
        log.answered(response.status());
        state = State.SENDING;
        session = response.to(channel).open();
    }

    /** Moves one chunk. The other end of each session is a file or memory, so it is always ready. */
    private Wait move() throws IOException {
        switch (session.advance()) {
            case PROGRESS:
                return Wait.NOTHING;
            case AWAIT_SOURCE:
                return Wait.READABLE;
            case AWAIT_TARGET:
                return Wait.WRITABLE;
            default:
                return done();
        }
    }

    private Wait done() throws IOException {
        progress = progress();
        switch (state) {
            case CONTINUING:
                session = null;
                beginUpload();
                return Wait.NOTHING;
            case RECEIVING:
                received();
                return Wait.NOTHING;
            default:
                return sent();
        }
    }

    private void received() throws IOException {
        log.moved(session.result());
        session = null;
        try {
            Response done = upload.finish();
            endUpload();
            send(done, false);
        } catch (Refusal refusal) {
            keepAlive = false;
            endUpload();
            send(refusal.response(), false);
        }
    }

    private Wait sent() throws IOException {
        long body = moved();
        boolean whole = body == response.bodyLength();
        log.sent(session.result(), body);
        session = null;
        response.close();
        response = null;
        if (!whole) {
            return Wait.GONE; // the file was truncated; only a close can signal this to the client
        }
        if (keepAlive) {
            state = State.READING;
            return reader.isEmpty() ? Wait.READABLE : Wait.NOTHING;
        }
        channel.shutdownOutput();
        state = State.LINGERING;
        return Wait.READABLE;
    }

    private Wait discard() throws IOException {
        reader.take(Long.MAX_VALUE);
        return reader.fill(channel) < 0 ? Wait.GONE : Wait.READABLE;
    }

    /** Returns the bytes of a body that the session has moved so far. */
    private long moved() {
        long transferred = session == null ? 0 : session.transferred();
        return response == null ? transferred : response.bodyBytes(transferred);
    }

    private void endUpload() throws IOException {
        if (upload != null) {
            Upload over = upload;
            upload = null;
            over.close();
        }
    }

    /** Ends the connection because nothing has moved for too long. */
    void expire() {
        log.failed(new SocketTimeoutException("nothing has moved for too long"), moved());
        close();
    }

    /** Ends the connection because the server is closed. */
    void abort() {
        log.failed(new ClosedChannelException(), moved());
        close();
    }

    /** Cancels the running transfer. An error is ignored, because no one is left to receive it. */
    @Override
    public void close() {
        for (Closeable held : new Closeable[] {session, upload, response, channel}) {
            try {
                if (held != null) {
                    held.close();
                }
            } catch (IOException e) {
                log.failed(e, 0);
            }
        }
        session = null;
        upload = null;
        response = null;
    }
}
