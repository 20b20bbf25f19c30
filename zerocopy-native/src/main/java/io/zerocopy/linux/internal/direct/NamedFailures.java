package io.zerocopy.linux.internal.direct;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileSystemException;

/** Failures of one file that name it. The JDK's exceptions for channels have no room for a text. */
public final class NamedFailures {
    private final String file;

    public NamedFailures(String file) {
        this.file = file;
    }

    public ClosedChannelException closed() {
        return new Closed(file + " is closed");
    }

    public NonReadableChannelException notReadable() {
        return new NotReadable(file + " was not opened to be read");
    }

    public NonWritableChannelException notWritable() {
        return new NotWritable(file + " was not opened to be written");
    }

    /** The failure of a call. */
    public IOException of(IOException failure) {
        if (failure instanceof FileSystemException || failure instanceof ClosedChannelException) {
            return failure;
        }
        FileSystemException named = new FileSystemException(file, null, failure.getMessage());
        named.initCause(failure);
        return named;
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
}
