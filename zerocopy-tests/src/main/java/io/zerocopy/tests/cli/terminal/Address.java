package io.zerocopy.tests.cli.terminal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A parsed SOURCE or TARGET of the command line; {@code Endpoint} opens it.
 *
 * @param form how to open it
 * @param text the text after the prefix of its form
 */
public record Address(Form form, String text) {
    public static final String HELP =
            "a path, - (standard input or output), tcp://host:port, tcp-listen://host:port (takes one connection; port 0"
                    + " picks one and tells), unix:path or unix-listen:path";

    /** How to open an address. */
    public enum Form {
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

        public boolean isTcp() {
            return this == TCP || this == TCP_LISTEN;
        }

        public boolean listens() {
            return this == TCP_LISTEN || this == UNIX_LISTEN;
        }
    }

    /** Parses an address, and refuses invalid ones. */
    public static final class Converter implements ITypeConverter<Address> {
        @Override
        public Address convert(String value) {
            Address address = parse(value);
            if (address.form == Form.PATH && value.matches("[a-z][a-z0-9+.-]*://.*")) {
                throw new TypeConversionException(
                        "'" + value + "' is none of " + HELP + "; a path that looks like that begins with ./");
            }
            if (address.form.isTcp()) {
                address.port();
            } else if (address.form != Form.STANDARD) {
                address.path();
            }
            return address;
        }
    }

    public static Address parse(String value) {
        if (value.equals("-")) {
            return new Address(Form.STANDARD, "");
        }
        for (Form form : Form.values()) {
            if (form.prefix.length() > 1 && value.startsWith(form.prefix)) {
                return new Address(form, value.substring(form.prefix.length()));
            }
        }
        return new Address(Form.PATH, value);
    }

    public boolean isPath() {
        return form == Form.PATH;
    }

    /** Returns the path of the file, FIFO, device or Unix-domain socket. */
    public Path path() {
        try {
            if (!text.isEmpty()) {
                return Path.of(text);
            }
        } catch (InvalidPathException noPath) {
            // reported below
        }
        throw new TypeConversionException("'" + this + "' names no file");
    }

    /** Returns the host, without the brackets of an IPv6 address. */
    public String host() {
        return text.substring(0, text.lastIndexOf(':')).replaceAll("^\\[(.*)]$", "$1");
    }

    public int port() {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon > 0 && port >= (form.listens() ? 0 : 1) && port <= 0xffff) {
                return port;
            }
        } catch (NumberFormatException noPort) {
            // reported below
        }
        throw new TypeConversionException("'" + this + "' is not host:port");
    }

    @Override
    public String toString() {
        return form.prefix + text;
    }
}
