package io.zerocopy.internal.endpoint;

import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.NotYetConnectedException;

/**
 * The JDK's exceptions for channels that cannot serve, which have no room for a text, with one that names the channel. Made
 * by methods, so that each is loaded when it is thrown.
 */
final class Refusals {
    private Refusals() {}

    static ClosedChannelException closed(String text) {
        return new Closed(text);
    }

    static RuntimeException nonBlocking(String text) {
        return new NonBlocking(text);
    }

    static RuntimeException notReadable(String text) {
        return new NotReadable(text);
    }

    static RuntimeException notWritable(String text) {
        return new NotWritable(text);
    }

    static RuntimeException unconnected(String text) {
        return new Unconnected(text);
    }

    /** As the JDK's own class would be printed. */
    private static String said(Exception refusal) {
        return refusal.getClass().getSuperclass().getName() + ": " + refusal.getMessage();
    }

    private static final class Closed extends ClosedChannelException {
        private static final long serialVersionUID = 1L;

        private final String text;

        Closed(String text) {
            this.text = text;
        }

        @Override
        public String getMessage() {
            return text;
        }

        @Override
        public String toString() {
            return said(this);
        }
    }

    private static final class NonBlocking extends IllegalBlockingModeException {
        private static final long serialVersionUID = 1L;

        private final String text;

        NonBlocking(String text) {
            this.text = text;
        }

        @Override
        public String getMessage() {
            return text;
        }

        @Override
        public String toString() {
            return said(this);
        }
    }

    private static final class NotReadable extends NonReadableChannelException {
        private static final long serialVersionUID = 1L;

        private final String text;

        NotReadable(String text) {
            this.text = text;
        }

        @Override
        public String getMessage() {
            return text;
        }

        @Override
        public String toString() {
            return said(this);
        }
    }

    private static final class NotWritable extends NonWritableChannelException {
        private static final long serialVersionUID = 1L;

        private final String text;

        NotWritable(String text) {
            this.text = text;
        }

        @Override
        public String getMessage() {
            return text;
        }

        @Override
        public String toString() {
            return said(this);
        }
    }

    private static final class Unconnected extends NotYetConnectedException {
        private static final long serialVersionUID = 1L;

        private final String text;

        Unconnected(String text) {
            this.text = text;
        }

        @Override
        public String getMessage() {
            return text;
        }

        @Override
        public String toString() {
            return said(this);
        }
    }
}
