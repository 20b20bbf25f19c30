package io.zerocopy.tests.cli;

import io.zerocopy.tests.cli.terminal.Address;
import io.zerocopy.tests.cli.terminal.ErrorLine;
import io.zerocopy.tests.servers.proxy.Proxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Relays connections until it is stopped. */
@Command(
        name = "proxy",
        mixinStandardHelpOptions = true,
        description = {
            "Connects whoever connects to LISTEN with TARGET and relays both directions, on one thread, until it is"
                    + " stopped. Then it says on standard error what it did.",
            "A connection that breaks is reset on both sides; the others go on."
        })
final class ProxyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "LISTEN",
            converter = Address.Converter.class,
            description = "tcp-listen://host:port (port 0 picks one and tells) or unix-listen:path")
    private Address listen;

    @Parameters(
            index = "1",
            paramLabel = "TARGET",
            converter = Address.Converter.class,
            description = "tcp://host:port or unix:path")
    private Address target;

    @Option(
            names = "--idle-timeout",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "End a connection on which nothing has moved for so long, 0 for never; by default"
                    + " ${DEFAULT-VALUE}.")
    private long idleSeconds;

    @Override
    public Integer call() throws Exception {
        if (!listen.form().listens()) {
            throw new ParameterException(spec.commandLine(), "a proxy cannot listen on " + listen);
        }
        if (target.form() != Address.Form.TCP && target.form() != Address.Form.UNIX) {
            throw new ParameterException(spec.commandLine(), "a proxy cannot connect to " + target);
        }
        if (idleSeconds < 0) {
            throw new ParameterException(spec.commandLine(), "--idle-timeout is less than nothing: " + idleSeconds);
        }
        try (Proxy proxy = open()) {
            System.err.println("listening on " + at(proxy.address()));
            serve(proxy);
        }
        return 0;
    }

    private Proxy open() throws IOException {
        SocketAddress to = socketAddress(target);
        try {
            return Proxy.open(socketAddress(listen), to, Duration.ofSeconds(idleSeconds));
        } catch (IOException e) {
            throw new IOException(listen + ": " + ErrorLine.of(e), e);
        }
    }

    /**
     * A signal ends the JVM as soon as the shutdown hook returns, so the hook waits for the last output and the
     * cleanup.
     */
    private static void serve(Proxy proxy) throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            try {
                proxy.close();
                over.await(5, TimeUnit.SECONDS);
            } catch (IOException | InterruptedException e) {
                System.err.println("zerocopy: " + ErrorLine.of(e));
            }
            System.err.println(proxy.counts());
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            proxy.run();
        } finally {
            over.countDown();
        }
    }

    private static String at(SocketAddress address) {
        return address instanceof InetSocketAddress internet
                ? internet.getAddress().getHostAddress() + " port " + internet.getPort()
                : address.toString();
    }

    private static SocketAddress socketAddress(Address address) throws IOException {
        if (!address.form().isTcp()) {
            return UnixDomainSocketAddress.of(address.path());
        }
        InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
        if (resolved.isUnresolved()) {
            throw new UnknownHostException(address + ": unknown host");
        }
        return resolved;
    }
}
