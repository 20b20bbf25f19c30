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
 * <p><b>Who calls whom</b>: the classes of one transfer, {@code Transfers.copy(path, socket)}, in the order in which they call
 * each other, each with its package below {@code io.zerocopy}. An arrow is a call. A test compares this list with the stack
 * at each system call.
 *
 * <ol>
 *   <li>Open the file: {@code Transfers} &rarr; {@code internal.build.DefaultTransfer}
 *       &rarr; {@code internal.loop.TransferLoop} &rarr; {@code internal.endpoint.OpenEndpoints}
 *       &rarr; {@code internal.endpoint.OpenSources} &rarr; {@code internal.endpoint.PathOpener}
 *       &rarr; {@code internal.plan.Providers} &rarr; {@code linux.LinuxProvider}
 *       &rarr; {@code linux.internal.machine.Kernel} &rarr; {@code linux.internal.fd.Descriptors}
 *       &rarr; {@code linux.internal.fd.RegularFile} &rarr; {@code linux.internal.fd.PinnedPath} &rarr; openat(2).
 *   <li>Look at what was opened: {@code Transfers} &rarr; {@code internal.build.DefaultTransfer}
 *       &rarr; {@code internal.loop.TransferLoop} &rarr; {@code internal.endpoint.OpenEndpoints}
 *       &rarr; {@code internal.endpoint.OpenSources} &rarr; {@code internal.endpoint.PathOpener}
 *       &rarr; {@code internal.plan.Providers} &rarr; {@code linux.LinuxProvider}
 *       &rarr; {@code linux.internal.machine.Kernel} &rarr; {@code linux.internal.fd.Descriptors}
 *       &rarr; {@code linux.internal.fd.RegularFile} &rarr; {@code linux.internal.stat.FileStatus} &rarr; statx(2).
 *       A {@code DescriptorSource} in {@code linux.internal.port} reads the file.
 *   <li>Find the socket's descriptor: {@code Transfers} &rarr; {@code internal.build.DefaultTransfer}
 *       &rarr; {@code internal.loop.TransferLoop} &rarr; {@code internal.endpoint.OpenEndpoints}
 *       &rarr; {@code internal.endpoint.OpenTarget} &rarr; {@code internal.plan.Providers}
 *       &rarr; {@code linux.LinuxProvider} &rarr; {@code linux.internal.machine.Kernel}
 *       &rarr; {@code linux.internal.fd.LeaseCache} &rarr; {@code linux.internal.fd.DescriptorInspection}
 *       &rarr; {@code linux.internal.fd.ChannelLease} &rarr; {@code linux.internal.fd.DescriptorInspection}
 *       &rarr; fcntl(2).
 *   <li>Describe it: {@code Transfers} &rarr; {@code internal.build.DefaultTransfer}
 *       &rarr; {@code internal.loop.TransferLoop} &rarr; {@code internal.endpoint.OpenEndpoints}
 *       &rarr; {@code internal.endpoint.OpenTarget} &rarr; {@code internal.plan.Providers}
 *       &rarr; {@code linux.LinuxProvider} &rarr; {@code linux.internal.machine.Kernel}
 *       &rarr; {@code linux.internal.fd.LeaseCache} &rarr; {@code linux.internal.fd.DescriptorInspection}
 *       &rarr; {@code linux.internal.fd.ChannelLease} &rarr; {@code linux.internal.fd.DescriptorInspection}
 *       &rarr; getsockopt(2).
 *       The result is a {@code DescriptorTarget} in {@code linux.internal.port}.
 *   <li>Plan: {@code Transfers} &rarr; {@code internal.build.DefaultTransfer}
 *       &rarr; {@code internal.loop.TransferLoop} &rarr; {@code internal.loop.Segments}
 *       &rarr; {@code internal.loop.BodySegment} &rarr; {@code internal.plan.Planner}
 *       &rarr; each strategy, in the order of {@code OrderTable},
 *       which is beside the planner.
 *   <li>Move: {@code Transfers} &rarr; {@code internal.build.DefaultTransfer}
 *       &rarr; {@code internal.loop.TransferLoop} &rarr; {@code internal.loop.StepPace}
 *       &rarr; {@code internal.loop.BodySegment} &rarr; {@code linux.internal.copy.KernelMover}
 *       &rarr; {@code linux.internal.copy.OneCallMover} &rarr; {@code linux.internal.fd.ChannelLease}
 *       &rarr; {@code linux.internal.fd.LeaseUse} &rarr; {@code linux.internal.fd.DescriptorMode}
 *       &rarr; {@code linux.internal.fd.LeaseGroup} &rarr; {@code linux.internal.fd.DescriptorMode}
 *       &rarr; {@code linux.internal.copy.OneCallMover} &rarr; {@code linux.internal.copy.SendfileStrategy}
 *       &rarr; sendfile(2).
 *       The mover is one of that strategy, which has opened it before the first step. The lease keeps the channels open during
 *       the call, the group takes the locks under which the JDK changes their modes, and the mode sets the non-blocking flag.
 *   <li>Wait, if the socket has no room: {@code Transfers} &rarr; {@code internal.build.DefaultTransfer}
 *       &rarr; {@code internal.loop.TransferLoop} &rarr; {@code linux.internal.port.DescriptorPort}
 *       &rarr; {@code linux.internal.port.PortPoll} &rarr; {@code linux.internal.poll.Poller} &rarr; poll(2).
 *       Then move again.
 * </ol>
 *
 * <p>The last arrow of each leads through {@code Syscalls} in {@code linux.sys} to {@code JnaSyscalls}, or on Java 22 and newer
 * {@code ForeignSyscalls}, in {@code linux.sys.bind}.
 */
package io.zerocopy;
