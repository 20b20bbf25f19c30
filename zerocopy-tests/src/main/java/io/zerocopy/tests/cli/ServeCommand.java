package io.zerocopy.tests.cli;

import io.zerocopy.tests.cli.terminal.Address;
import io.zerocopy.tests.cli.terminal.ErrorLine;
import io.zerocopy.tests.servers.http.Exchange;
import io.zerocopy.tests.servers.http.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Serves the files of a directory over HTTP until it is stopped. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Serves the files of DIR over HTTP/1.1, on one thread, until it is stopped, and prints a line for every"
                    + " request: client, request, status, bytes, mechanism.",
            "There is no encryption and no log-in: whoever reaches the address may read, and with --upload write."
        })
final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DIR", description = "the directory; a symbolic link does not lead out of it")
    private Path directory;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8080",
            converter = HostAndPort.class,
            description = "Where to listen, by default ${DEFAULT-VALUE}; port 0 picks one and tells.")
    private Address listen;

    @Option(names = "--upload", description = "Let PUT and POST make and replace files in DIR.")
    private boolean upload;

    @Option(
            names = "--idle-timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "End a connection on which nothing has moved for so long, by default ${DEFAULT-VALUE}.")
    private long idleSeconds;

    /** An address without a prefix. */
    static final class HostAndPort implements ITypeConverter<Address> {
        @Override
        public Address convert(String value) {
            Address address = new Address(Address.Form.TCP_LISTEN, value);
            address.port();
            return address;
        }
    }

    @Override
    public Integer call() throws Exception {
        if (!Files.isDirectory(directory)) {
            throw new ParameterException(spec.commandLine(), "not a directory: " + directory);
        }
        if (idleSeconds < 1 || idleSeconds > Integer.MAX_VALUE) {
            throw new ParameterException(spec.commandLine(), "--idle-timeout is no time to wait: " + idleSeconds);
        }
        try (HttpServer server = open()) {
            InetSocketAddress at = server.address();
            System.err.println("listening on " + at.getAddress().getHostAddress() + " port " + at.getPort());
            serve(server);
        }
        return 0;
    }

    private HttpServer open() throws IOException {
        HttpServer.Builder builder = HttpServer.of(directory)
                .idleTimeout(Duration.ofSeconds(idleSeconds))
                .onExchange(exchange -> System.out.println(line(exchange)));
        if (upload) {
            builder.uploads(directory);
        }
        try {
            InetSocketAddress at = new InetSocketAddress(listen.host(), listen.port());
            if (at.isUnresolved()) {
                throw new UnknownHostException("unknown host");
            }
            return builder.listen(at).open();
        } catch (IOException e) {
            throw new IOException(listen.text() + ": " + ErrorLine.of(e), e);
        }
    }

    /**
     * A signal ends the JVM as soon as the shutdown hook returns, so the hook waits until incomplete uploads are
     * removed.
     */
    private static void serve(HttpServer server) throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                server.close();
                over.await(5, TimeUnit.SECONDS);
            } catch (IOException | InterruptedException e) {
                System.err.println("zerocopy: " + ErrorLine.of(e));
            }
        }));
        try {
            server.run();
        } finally {
            over.countDown();
        }
    }

    private static String line(Exchange exchange) {
        InetSocketAddress client = (InetSocketAddress) exchange.client();
        return String.format(
                "%s %s %s %d bytes%s in %.1f ms%s",
                client.getAddress().getHostAddress(),
                exchange.request(),
                exchange.status() == 0 ? "-" : exchange.status(),
                exchange.bytes(),
                exchange.mechanism() == null ? "" : " by " + exchange.mechanism(),
                exchange.elapsed().toNanos() / 1e6,
                exchange.failure() == null ? "" : ", ended by: " + ErrorLine.of(exchange.failure()));
    }
}
