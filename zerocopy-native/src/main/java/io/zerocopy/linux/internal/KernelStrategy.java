package io.zerocopy.linux.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Request;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;

/** A mechanism of the kernel: there if its call exists, and for pairs in which both ends have descriptors. */
abstract class KernelStrategy implements Strategy {
    private final Mechanism mechanism;
    private final String unavailable;

    /**
     * Probes by doing.
     *
     * @param mechanism which one
     * @param call the name of its system call
     * @param probe what the call answers on descriptor -1: EBADF where it exists
     */
    KernelStrategy(Mechanism mechanism, String call, long probe) {
        this.mechanism = mechanism;
        this.unavailable = probe == -Errno.EBADF || probe >= 0 ? null : Errno.message(call, probe);
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
    public String refusal(Facts source, Facts target, Request request) {
        if (!source.descriptor() || !target.descriptor()) {
            return "no descriptor can be had of the " + (source.descriptor() ? "target" : "source");
        }
        if (target.append()) {
            return "the target is open for append, which every copy call of the kernel refuses";
        }
        return refusalOfDescriptors(source, target, request);
    }

    /** As {@link #refusal}, when both ends have descriptors and the target is not open for append. */
    abstract String refusalOfDescriptors(Facts source, Facts target, Request request);

    @Override
    public Mover open(Source source, Target target, Request request) {
        return open((DescriptorSource) source, (DescriptorTarget) target);
    }

    abstract Mover open(DescriptorSource source, DescriptorTarget target);

    static String byReference(Facts target, Request request) {
        return target.kind() == Kind.PIPE && !request.byReferenceAllowed()
                ? "pages would enter the pipe by reference: promise a stableSource(), or require this mechanism"
                : null;
    }
}
