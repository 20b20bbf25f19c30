package io.zerocopy.nio.internal;

import io.zerocopy.spi.EndpointException;

/**
 * What came out of the calls of one end last. The loop asks, by the identity of the object, which end has failed and whether
 * the object is somebody else's. Whoever makes a call catches what it throws: given as a lambda, the call would cost the
 * first transfer of a process several milliseconds, in which the JVM makes itself ready for lambdas.
 */
public final class Thrown {
    private final boolean foreign;
    private Throwable last; // of any call
    private Throwable theirs; // of the code of a foreign end

    public Thrown(boolean foreign) {
        this.foreign = foreign;
    }

    /** Remembers what the end has thrown; what the library throws on its behalf is an {@link EndpointException}. */
    public <T extends Throwable> T there(T thrown) {
        last = thrown;
        theirs = foreign && !(thrown instanceof EndpointException) ? thrown : null;
        return thrown;
    }

    /** Remembers what came out of a call of this port, if anything did. */
    public <T extends Throwable> T here(T thrown) {
        last = thrown;
        return thrown;
    }

    public boolean is(Throwable failure) {
        return failure != null && (failure == last || failure == theirs);
    }

    public boolean isTheirs(Throwable failure) {
        return failure != null && failure == theirs;
    }

    /** Throws what was thrown before, whether it is declared or not. */
    @SuppressWarnings("unchecked")
    public static <T extends Throwable> void again(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
