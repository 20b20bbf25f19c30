package io.zerocopy.nio.internal;

import io.zerocopy.spi.EndpointException;

/**
 * Remembers the last exception that the calls of one end have thrown. By the identity of the object, the loop finds out
 * which end has failed and whether foreign code threw the object. The caller makes the call and catches its exception,
 * because a call given as a lambda would cost the first transfer of a process several milliseconds.
 */
public final class Thrown {
    private final boolean foreign;
    private Throwable last; // by any call
    private Throwable theirs; // by the code of a foreign end

    public Thrown(boolean foreign) {
        this.foreign = foreign;
    }

    /**
     * Remembers an exception that the end has thrown. An {@link EndpointException} is thrown by the library, not by the
     * end.
     */
    public <T extends Throwable> T there(T thrown) {
        last = thrown;
        theirs = foreign && !(thrown instanceof EndpointException) ? thrown : null;
        return thrown;
    }

    /** Remembers the exception of a call of this port, or null if there was none. */
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

    /** Throws the object again, whether it is declared or not. */
    @SuppressWarnings("unchecked")
    public static <T extends Throwable> void again(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
