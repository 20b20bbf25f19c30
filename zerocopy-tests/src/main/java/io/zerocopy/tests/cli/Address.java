package io.zerocopy.tests.cli;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What SOURCE and TARGET mean on the command line.
 *
 * @param form how to open it
 * @param text what was given
 */
record Address(Form form, String text) {
    static final String HELP =
            "a path, - (standard input or output), tcp://host:port, tcp-listen://host:port (takes one connection; port 0"
                    + " picks one and tells), unix:path or unix-listen:path";

    /** How to open an address. */
    enum Form {
        PATH(""),
        STANDARD("-"),
        TCP("tcp://"),
        TCP_LISTEN("tcp-listen://"),
        UNIX("unix:"),
        UNIX_LISTEN("unix-listen:");

        private final String prefix;

        Form(String prefix) {
            this.prefix = prefix;
        }
    }

    /**
     * An end that is open.
     *
     * @param end a path or a channel
     * @param owned what has to be closed; null for nothing
     */
    record Opened(Object end, Closeable owned) implements Closeable {
        @Override
        public void close() throws IOException {
            if (owned != null) {
                owned.close();
            }
        }
    }

    /** Reads an address, and refuses what cannot be one. */
    static final class Converter implements ITypeConverter<Address> {
        @Override
        public Address convert(String value) {
            Address address = parse(value);
            if (address.form == Form.TCP || address.form == Form.TCP_LISTEN) {
                address.internet();
            }
            return address;
        }
    }

    static Address parse(String value) {
        if (value.equals("-")) {
            return new Address(Form.STANDARD, value);
        }
        for (Form form : Form.values()) {
            if (form.prefix.length() > 1 && value.startsWith(form.prefix)) {
                return new Address(form, value.substring(form.prefix.length()));
            }
        }
        return new Address(Form.PATH, value);
    }

    boolean isPath() {
        return form == Form.PATH;
    }

    Opened source() throws IOException {
        if (form == Form.STANDARD) {
            return new Opened(new FileInputStream(FileDescriptor.in).getChannel(), null);
        }
        return open();
    }

    Opened target() throws IOException {
        if (form == Form.STANDARD) {
            return new Opened(new FileOutputStream(FileDescriptor.out).getChannel(), null);
        }
        return open();
    }

    private Opened open() throws IOException {
        switch (form) {
            case PATH:
                return new Opened(Path.of(text), null);
            case TCP:
                return connected(internet());
            case UNIX:
                return connected(UnixDomainSocketAddress.of(text));
            case TCP_LISTEN:
                return accepted(ServerSocketChannel.open(), internet());
            default:
                try {
                    return accepted(
                            ServerSocketChannel.open(StandardProtocolFamily.UNIX), UnixDomainSocketAddress.of(text));
                } finally {
                    Files.deleteIfExists(Path.of(text));
                }
        }
    }

    private static Opened connected(SocketAddress address) throws IOException {
        SocketChannel socket = SocketChannel.open(address);
        return new Opened(socket, socket);
    }

    private static Opened accepted(ServerSocketChannel server, SocketAddress address) throws IOException {
        try (server) {
            server.bind(address);
            if (server.getLocalAddress() instanceof InetSocketAddress bound) {
                System.err.println("listening on port " + bound.getPort());
            }
            SocketChannel socket = server.accept();
            return new Opened(socket, socket);
        }
    }

    private InetSocketAddress internet() {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon > 0 && port >= 0 && port <= 0xffff) {
                String host = text.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
                return new InetSocketAddress(host, port);
            }
        } catch (NumberFormatException noPort) {
            // told below
        }
        throw new TypeConversionException("'" + text + "' is not host:port");
    }
}
