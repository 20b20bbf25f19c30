package io.zerocopy.tests.kit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Values that Linux counts and lists for a process, so that tests need no clock: bytes, sockets, descriptors. */
public final class Proc {
    private static final String CONNECTED = "01";

    private Proc() {}

    /**
     * Returns the bytes that system calls of this thread have read and written, including those that the kernel copied
     * itself.
     */
    public static long moved() throws IOException {
        return count("rchar") + count("wchar");
    }

    /** Returns the bytes that system calls of this thread have written. */
    public static long written() throws IOException {
        return count("wchar");
    }

    private static long count(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/thread-self/io"))) {
            if (line.startsWith(name + ":")) {
                return Long.parseLong(line.substring(name.length() + 1).strip());
            }
        }
        throw new IOException("the kernel does not count " + name);
    }

    /** Returns how many connected TCP sockets of a local port have unread bytes. */
    public static long unread(int port) throws IOException {
        return sockets().stream()
                .filter(socket -> port(socket[1]) == port && socket[3].equals(CONNECTED))
                .filter(socket -> Long.parseLong(socket[4].split(":")[1], 16) > 0)
                .count();
    }

    /** Returns the name of a connected TCP channel's socket in {@code /proc/self/fd}. */
    public static String socket(SocketChannel channel) throws IOException {
        int local = ((InetSocketAddress) channel.getLocalAddress()).getPort();
        int remote = ((InetSocketAddress) channel.getRemoteAddress()).getPort();
        return sockets().stream()
                .filter(socket -> port(socket[1]) == local && port(socket[2]) == remote)
                .map(socket -> "socket:[" + socket[9] + "]")
                .findFirst()
                .orElseThrow();
    }

    /** Returns the files and sockets behind the descriptors of this process. */
    public static List<String> open() throws IOException {
        List<String> open = new ArrayList<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            for (Path each : entries.toList()) {
                try {
                    open.add(Files.readSymbolicLink(each).toString());
                } catch (IOException gone) {
                    continue; // closed meanwhile
                }
            }
        }
        return open;
    }

    /** Returns the fields of each line: number, local and remote address, state, queues, ..., inode as the tenth. */
    private static List<String[]> sockets() throws IOException {
        List<String[]> sockets = new ArrayList<>();
        for (String table : new String[] {"tcp", "tcp6"}) {
            Path path = Path.of("/proc/self/net", table);
            if (Files.exists(path)) {
                Files.readAllLines(path).stream()
                        .skip(1)
                        .map(line -> line.strip().split("\\s+"))
                        .forEach(sockets::add);
            }
        }
        return sockets;
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
    }
}
