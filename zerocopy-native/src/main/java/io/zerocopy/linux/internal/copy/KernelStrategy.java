package io.zerocopy.linux.internal.copy;

import io.zerocopy.Mechanism;
import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.port.DescriptorPort;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.util.function.LongSupplier;

/** A mechanism of the kernel: available if its call exists, for pairs in which both ends have descriptors. */
abstract class KernelStrategy implements Strategy {
    private final Mechanism mechanism;
    private final Call call;
    private final LongSupplier probe;
    private volatile String unavailable; // null where it can be used

    /**
     * Probes by a call.
     *
     * @param mechanism the mechanism
     * @param call its system call
     * @param probe makes the call on descriptor -1
     */
    KernelStrategy(Mechanism mechanism, Call call, LongSupplier probe) {
        this.mechanism = mechanism;
        this.call = call;
        this.probe = probe;
        probe();
    }

    private void probe() {
        long answer = probe.getAsLong();
        unavailable = ErrnoTable.exists(answer) ? null : Errno.message(call.text(), answer);
    }

    final Call call() {
        return call;
    }

    /** The pipes that the mechanism may use; null if it uses none. */
    PipePool pool() {
        return null;
    }

    /**
     * A step was refused as if the call were missing or filtered. If that is true, the process no longer uses the
     * mechanism.
     */
    final void declinedForGood() {
        probe();
    }

    @Override
    public Mechanism mechanism() {
        return mechanism;
    }

    @Override
    public String unavailableBecause() {
        return unavailable;
    }

    @Override
    public String refusal(EndpointFacts source, EndpointFacts target, TransferRequest request) {
        if (!source.descriptor() || !target.descriptor()) {
            return "no descriptor can be had of the " + (source.descriptor() ? "target" : "source");
        }
        if (target.append()) {
            return "the target is open for append, which every copy call of the kernel refuses";
        }
        return refusalOfDescriptors(source, target, request);
    }

    /** As {@link #refusal}, when both ends have descriptors and the target is not open for append. */
    abstract String refusalOfDescriptors(EndpointFacts source, EndpointFacts target, TransferRequest request);

    @Override
    public Mover open(Source source, Target target, TransferRequest request) {
        DescriptorSource from = DescriptorPort.sourceOf(source);
        DescriptorTarget to = DescriptorPort.targetOf(target);
        return from == null || to == null
                ? Mover.declined(DescriptorPort.FOREIGN)
                : open(from, to).beginsAt(request.sourcePosition());
    }

    abstract KernelMover open(DescriptorSource source, DescriptorTarget target);

    static String byReference(EndpointFacts target, TransferRequest request) {
        return target.kind() == EndpointKind.PIPE && !request.byReferenceAllowed()
                ? "pages would enter the pipe by reference: promise a stableSource(), or require this mechanism"
                : null;
    }
}
