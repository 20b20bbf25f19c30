package io.zerocopy.tests.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the plan of a transfer and moves nothing. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Prints which mechanisms a copy would try, in order, and why each is in or out. Moves, opens and creates no"
                    + " file.",
            "An address to connect to is connected to; in the place of one to listen on stands a connection over"
                    + " loopback that is made for the purpose."
        })
final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private TransferOptions options;

    @Override
    public Integer call() throws Exception {
        try (Address.Opened source = stand(options.source, true);
                Address.Opened target = stand(options.target, false)) {
            System.out.print(options.builder(source.end(), target.end()).build().plan());
        }
        return 0;
    }

    private static Address.Opened stand(Address address, boolean source) throws Exception {
        if (address.form() != Address.Form.TCP_LISTEN && address.form() != Address.Form.UNIX_LISTEN) {
            return source ? address.source() : address.target();
        }
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel one = SocketChannel.open(server.getLocalAddress());
            SocketChannel two = server.accept();
            return new Address.Opened(one, () -> {
                one.close();
                two.close();
            });
        }
    }
}
