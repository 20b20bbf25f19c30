/**
 * Moves bytes between any two of file, socket, pipe, device, memory, channel and stream by the cheapest mechanism that
 * works for the pair on this kernel. Start at {@link io.zerocopy.Transfers}.
 *
 * <p>There are four concepts.
 *
 * <p><b>Copy</b>: one call that moves everything on the calling thread and returns what it did.
 *
 * <pre>{@code
 * TransferResult result = Transfers.copy(path, socket);
 * log(result.bytes() + " bytes by " + result.mechanism());
 * }</pre>
 *
 * <p><b>Transfer</b>: the same as an immutable value, with options: a range, a header, a timeout, a mechanism. Its
 * {@link io.zerocopy.Transfer#plan() plan} lists which mechanisms would be tried, in which order and why, without
 * moving a byte.
 *
 * <pre>{@code
 * Transfer transfer = Transfers.from(path).range(from, length).header(head).to(socket).build();
 * log(transfer.plan());
 * log(transfer.run());
 * }</pre>
 *
 * <p><b>Session</b>: a running transfer that its caller drives. Each call moves at most a fair chunk. On channels in
 * non-blocking mode it returns instead of waiting, and names the end to wait for.
 *
 * <pre>{@code
 * TransferSession session = Transfers.from(path).to(socket).build().open();
 * TransferSession.Status status = session.advance();
 * key.interestOps(session.interestOps(status));
 * }</pre>
 *
 * <p><b>Capability</b>: what this machine can do, and the reason for whatever it cannot.
 *
 * <pre>{@code
 * Capabilities here = Transfers.capabilities();
 * here.unavailableBecause(Mechanism.SPLICE).ifPresent(reason -> log(reason));
 * }</pre>
 *
 * <p>The calls between the layers:
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
 * <p>{@link java.util.ServiceLoader} finds the providers. They never call the application, and they call each other
 * only through the loop.
 *
 * <p><b>Who calls whom</b>: the classes of one transfer, from {@code Transfers.copy(path, socket)} to sendfile(2), with their
 * packages below {@code io.zerocopy}. An arrow is a call.
 *
 * <ol>
 *   <li>Build: {@code Transfers} &rarr; {@code TransferBuilder}, then {@code DefaultTransfer.run()}, both in
 *       {@code internal.build} &rarr; {@code TransferLoop.begin()} in {@code internal.loop}.
 *   <li>Open and describe both ends: {@code TransferLoop} &rarr; {@code OpenEndpoints} &rarr; {@code OpenSources} and
 *       {@code OpenTarget}, all three in {@code internal.endpoint} &rarr; {@code Providers} in {@code internal.plan}
 *       &rarr; {@code LinuxProvider} in {@code linux} &rarr; {@code Kernel} in {@code linux.internal.machine} &rarr;
 *       {@code LeaseCache} in {@code linux.internal.fd}, which finds the descriptor of the channel. The result is a
 *       {@code DescriptorSource} for the file and a {@code DescriptorTarget} for the socket, both in
 *       {@code linux.internal.port}.
 *   <li>Plan: {@code TransferLoop} &rarr; {@code Segments} in {@code internal.loop} &rarr; {@code OpenEndpoints}
 *       &rarr; {@code Planner} in {@code internal.plan}, which asks each strategy in the order of {@code OrderTable}.
 *   <li>Move: {@code TransferLoop.advance()} &rarr; {@code BodySegment} in {@code internal.loop} &rarr;
 *       {@code SendfileStrategy}, which opens a {@code KernelMover}, both in {@code linux.internal.copy} &rarr;
 *       {@code ChannelLease} in {@code linux.internal.fd}, which keeps the channels open during the call &rarr;
 *       {@code DescriptorMode}, which sets the non-blocking flag &rarr; {@code Syscalls} in {@code linux.sys} &rarr;
 *       {@code JnaSyscalls}, or {@code ForeignSyscalls} on Java 22 and newer, in {@code linux.sys.bind} &rarr;
 *       sendfile(2).
 *   <li>Wait, if the socket has no room: {@code TransferLoop.await()} &rarr; {@code DescriptorTarget} &rarr;
 *       {@code Poller} in {@code linux.internal.poll} &rarr; poll(2). Then move again.
 * </ol>
 */
package io.zerocopy;
