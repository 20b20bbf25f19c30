package sample;

import io.zerocopy.Transfers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** Sends a file over a socket to another file, and prints what moved it. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("sample");
        Path source = folder.resolve("source");
        Path target = folder.resolve("target");
        byte[] content = new byte[1_000_000];
        new Random(1).nextBytes(content);
        Files.write(source, content);
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Thread sender = new Thread(() -> send(source, server));
            sender.start();
            try (SocketChannel socket = server.accept();
                    FileChannel file =
                            FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                System.out.println("received by "
                        + Transfers.from(socket).to(file).build().run().mechanism());
            }
            sender.join();
        }
        System.out.println("same bytes: " + (Files.mismatch(source, target) == -1));
        System.out.println("module: " + Main.class.getModule().isNamed() + " "
                + Transfers.class.getModule().isNamed());
        Files.delete(source);
        Files.delete(target);
        Files.delete(folder);
    }

    private static void send(Path source, ServerSocketChannel server) {
        try (SocketChannel socket = SocketChannel.open(server.getLocalAddress())) {
            System.out.println("sent by " + Transfers.copy(source, socket).mechanism());
        } catch (Exception e) {
            e.printStackTrace();
        }
    }
}
