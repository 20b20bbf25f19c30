package io.zerocopy;

import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What this process can use, found by trying it. {@link Object#toString()} returns a report to attach to a ticket.
 * Immutable: kill switches, which can change while the process runs, are read when {@link Transfers#capabilities()} is
 * called.
 */
public interface Capabilities {
    /**
     * Returns whether a mechanism can be used at all. Whether it fits a given pair is the answer of
     * {@link Transfer#plan()}.
     *
     * @param mechanism the mechanism
     * @return true if it is built in, its probe succeeded and no kill switch is set
     */
    boolean isAvailable(Mechanism mechanism);

    /**
     * Returns why a mechanism cannot be used.
     *
     * @param mechanism the mechanism
     * @return the cause; empty when it is available
     */
    Optional<String> unavailableBecause(Mechanism mechanism);

    /**
     * Returns why a mechanism cannot be used, by its name. This works for mechanisms that a provider added, too.
     *
     * @param mechanism the name; case, {@code -} and {@code _} do not matter
     * @return the cause; empty when it is available
     */
    Optional<String> unavailableBecause(String mechanism);

    /**
     * Returns the limits and facts that the providers found, such as {@code pipe-max-size}, in the order of the report.
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
     * Returns why the file system of a directory cannot clone files. Tries it with two small files in the directory,
     * and removes them again.
     *
     * @param directory an existing directory in which files can be created
     * @return empty if it clones; otherwise the reason why not
     */
    Optional<String> reflinkUnavailableBecause(Path directory);

    /**
     * Returns whether the network interface of a connected socket gathers packets from scattered memory (ethtool's
     * {@code scatter-gather}). If it does, the last CPU copy of {@link Mechanism#SENDFILE} becomes DMA.
     *
     * @param socket a connected channel
     * @return true or false as the interface's driver says; empty if it cannot be known: no Linux, no native part, a
     *     Unix-domain socket, or an interface that does not answer
     */
    Optional<Boolean> scatterGather(SocketChannel socket);
}
