package io.zerocopy.tests.cli;

import io.zerocopy.Capabilities;
import io.zerocopy.Transfers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the capability report, to attach to a ticket. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Reports what this machine, this kernel and this JVM allow, and why not where they do not.")
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "DIRECTORY",
            arity = "0..*",
            description = "Try whether its file system clones files, beside those of the temporary, the home and the"
                    + " current directory.")
    private List<Path> directories = List.of();

    @Override
    public Integer call() throws Exception {
        for (Path directory : directories) {
            if (!Files.isDirectory(directory)) {
                throw new ParameterException(spec.commandLine(), "not a directory: " + directory);
            }
        }
        Capabilities capabilities = Transfers.capabilities();
        System.out.print(capabilities);
        Set<Path> tried = new LinkedHashSet<>();
        for (String property : List.of("java.io.tmpdir", "user.home", "user.dir")) {
            tried.add(Path.of(System.getProperty(property)));
        }
        tried.addAll(directories);
        for (Path directory : tried) {
            capabilities.probe(directory).forEach((name, answer) -> System.out.printf("  %-28s  %s%n", name, answer));
        }
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (each.isUp() && each.getInetAddresses().hasMoreElements()) {
                InetAddress address = each.getInetAddresses().nextElement();
                System.out.printf("  %-28s %s%n", "scatter-gather of " + each.getName(), ask(capabilities, address));
            }
        }
        System.out.println("JDK 24 and newer warn when JNA loads its library, unless the application is started with");
        System.out.println("  java --enable-native-access=ALL-UNNAMED ...    JNA on the class path");
        System.out.println("  java --enable-native-access=com.sun.jna ...    JNA on the module path");
        System.out.println("or the manifest of its executable jar says Enable-Native-Access: ALL-UNNAMED.");
        return 0;
    }

    /** Connects this machine to itself at an address, so that the connection has the interface in question. */
    private static String ask(Capabilities capabilities, InetAddress address) {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(address, 0));
                SocketChannel socket = SocketChannel.open(server.getLocalAddress())) {
            return capabilities
                    .scatterGather(socket)
                    .map(gathers -> gathers ? "yes, sendfile makes no CPU copy" : "no, sendfile makes one CPU copy")
                    .orElse("cannot be asked");
        } catch (java.io.IOException e) {
            return "cannot be asked: " + e.getMessage();
        }
    }
}
