package io.zerocopy.tests.servers;

import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * One client, as a state machine that never waits: each {@link #turn()} does a little and names what has to happen
 * before the next one is worth while.
 *
 * <pre>
 *   READING ──► SENDING ──► READING (keep-alive) or LINGERING
 *      └──► [CONTINUING] ──► RECEIVING ──► SENDING
 * </pre>
 *
 * <p>While a response goes out, nothing is read: a client that asks faster than it listens is slowed down by TCP. A
 * client that has said its end is still answered all that it asked before.
 */
final class Connection implements Closeable {
    /** What the next turn waits for. */
    enum Wait {
        READABLE,
        WRITABLE,
        /** More can be done now; it is the turn of others first. */
        NOTHING,
        /** It is over. */
        GONE
    }

    private enum State {
        READING,
        CONTINUING,
        RECEIVING,
        SENDING,
        /** Output is shut down; what the client still sends is thrown away, since a close would reset what it reads. */
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

    /** One turn. Throws nothing: a connection that fails is over, and nobody else's concern. */
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

    /** Grows with every request and every byte of a transfer; stands still on an idle connection. */
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
                keepAlive &= !request.hasBody(); // nobody reads it, and the next request stands behind it
                send(site.answer(request), request.is("HEAD"));
            }
        } catch (Refusal refusal) {
            refuse(refusal, request);
        } catch (IOException e) { // of the file system: too many open files, say
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

    /** Moves one chunk. The other end of each session is a file, or memory, for which nobody ever waits. */
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
            return Wait.GONE; // the file was cut short; only a close can tell the client
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

    /** Bytes of a body that the session has moved so far. */
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

    /** Ends it because nothing has moved for too long. */
    void expire() {
        log.failed(new SocketTimeoutException("nothing has moved for too long"), moved());
        close();
    }

    /** Ends it because the server does. */
    void abort() {
        log.failed(new ClosedChannelException(), moved());
        close();
    }

    /** Cancels what is on its way. Nobody is left to be told of an error. */
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
