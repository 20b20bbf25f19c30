package io.zerocopy;

import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What this process can use, found by doing. {@link Object#toString()} is a report to attach to a ticket. Immutable; what
 * can change while the process runs (kill switches) is read when {@link Transfers#capabilities()} is called.
 */
public interface Capabilities {
    /**
     * Tells whether a mechanism can be used at all; whether it fits a certain pair is told by {@link Transfer#plan()}.
     *
     * @param mechanism the mechanism
     * @return true if it is built in, its probe succeeded and no kill switch is set
     */
    boolean isAvailable(Mechanism mechanism);

    /**
     * Tells why a mechanism cannot be used.
     *
     * @param mechanism the mechanism
     * @return the cause; empty when it is available
     */
    Optional<String> unavailableBecause(Mechanism mechanism);

    /**
     * Tells the limits and facts that the providers found, such as {@code pipe-max-size}, in the order of the report.
     *
     * @return facts by name
     */
    Map<String, String> facts();

    /**
     * Tries what the file system of a directory can do, with small files that are removed again. Nothing else here touches a
     * file. From then on plans for that file system say what was found.
     *
     * @param directory an existing directory in which files can be created
     * @return facts by name, such as {@code reflink in /home}, in the order they should be read; empty where nothing can be
     *     tried
     */
    Map<String, String> probe(Path directory);

    /**
     * Tells, by trying with two small files that are removed again, whether the file system of a directory clones.
     *
     * @param directory an existing directory in which files can be created
     * @return empty when it clones; else the reason why not
     */
    Optional<String> reflinkUnavailableBecause(Path directory);

    /**
     * Tells whether the network interface of a connected socket gathers packets from scattered memory, which is what
     * turns the last CPU copy of {@link Mechanism#SENDFILE} into DMA (ethtool's {@code scatter-gather}).
     *
     * @param socket a connected channel
     * @return true or false as the interface's driver says; empty where nothing can be known: no Linux, no native
     *     part, a Unix-domain socket, an interface that cannot be asked
     */
    Optional<Boolean> scatterGather(SocketChannel socket);
}
