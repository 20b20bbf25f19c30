package io.zerocopy.tests.bench.contestant;

import io.zerocopy.tests.bench.measure.Measurement;
import java.io.Closeable;

/**
 * A program or method that can move bytes over one case. It has its own ends, which stay open from window to window.
 */
public interface Contestant extends Closeable {
    /** Returns its name in the table. */
    String name();

    /** Returns its role, which decides how it is compared. */
    Role role();

    /**
     * Moves {@code repetitions} transfers of {@code size} bytes, while no other contestant runs.
     *
     * @param size bytes of one transfer
     * @param repetitions number of transfers
     * @return what it cost
     */
    Measurement run(long size, int repetitions) throws Exception;

    /** The role of a contestant. */
    enum Role {
        /** This library. */
        OURS,
        /** This library with a mechanism by name; no goal is set for the ratio. */
        NAMED,
        /** C with the best mechanism. */
        LIMIT,
        /** The JDK's own method, in one call. */
        JDK,
        /** A loop in Java over a direct buffer of 64 KiB. */
        LOOP_64K,
        /** Any other program in the JVM. */
        JVM,
        /** Any external program that is not the limit. */
        OTHER
    }
}
