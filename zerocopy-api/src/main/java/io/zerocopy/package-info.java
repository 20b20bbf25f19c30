/**
 * Moves bytes between any two of file, socket, pipe, device, memory, channel and stream by the cheapest mechanism
 * that the kernel, the pair and the moment allow. Start at {@link io.zerocopy.Transfers}.
 *
 * <p>There are four ideas.
 *
 * <p><b>Copy</b>: one call that moves everything, on the calling thread, and says afterwards what did it.
 *
 * <pre>{@code
 * TransferResult result = Transfers.copy(path, socket);
 * log(result.bytes() + " bytes by " + result.mechanism());
 * }</pre>
 *
 * <p><b>Transfer</b>: the same as a value, with what a caller wishes: a range, a header, a timeout, a mechanism. Its
 * {@link io.zerocopy.Transfer#plan() plan} tells what would be tried, in which order and why, before a byte moves.
 *
 * <pre>{@code
 * Transfer transfer = Transfers.from(path).range(from, length).header(head).to(socket).build();
 * log(transfer.plan());
 * log(transfer.run());
 * }</pre>
 *
 * <p><b>Session</b>: a transfer that is under way and is driven from outside. It moves a fair share for each call, and
 * on channels in non-blocking mode it returns where it would have to wait and names the end to wait for.
 *
 * <pre>{@code
 * TransferSession session = Transfers.from(path).to(socket).build().open();
 * TransferSession.Status status = session.advance();
 * key.interestOps(session.interestOps(status));
 * }</pre>
 *
 * <p><b>Capability</b>: what this machine can do, and for what it cannot, the reason.
 *
 * <pre>{@code
 * Capabilities here = Transfers.capabilities();
 * here.unavailableBecause(Mechanism.SPLICE).ifPresent(reason -> log(reason));
 * }</pre>
 *
 * <p>Who calls whom:
 *
 * <pre>
 *   application
 *       |  copy, from ... to ... build, run, open, advance
 *       v
 *   io.zerocopy            Transfers, Transfer, TransferSession, Capabilities
 *       |
 *       v
 *   planner and the loop   asks each provider for ends and strategies, orders them, moves until done
 *       |  io.zerocopy.spi: Provider, Source, Target, Strategy, Mover
 *       +----------------------------+
 *       v                            v
 *   io.zerocopy.nio              io.zerocopy.linux
 *   the JDK's own channels       sendfile, splice, copy_file_range, ...
 * </pre>
 *
 * <p>Providers are found by {@link java.util.ServiceLoader}; they never call the application, and they call each other
 * only through the loop.
 */
package io.zerocopy;
