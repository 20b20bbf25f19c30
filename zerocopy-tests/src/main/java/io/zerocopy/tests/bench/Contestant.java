package io.zerocopy.tests.bench;

import java.io.Closeable;

/** Somebody who can move bytes over one course, with ends of his own that stay open from window to window. */
public interface Contestant extends Closeable {
    /** His name in the table. */
    String name();

    /** What kind of rival he is, which decides what he is compared for. */
    Role role();

    /**
     * Moves so many bytes so many times, alone.
     *
     * @param size bytes of one transfer
     * @param repetitions how many transfers
     * @return what it cost him
     */
    Sample run(long size, int repetitions) throws Exception;

    /** Who somebody is. */
    enum Role {
        /** This library. */
        OURS,
        /** This library again, by a mechanism that is named; nothing is promised of the ratio. */
        NAMED,
        /** C, with the best mechanism. */
        LIMIT,
        /** What the JDK offers for it by one call. */
        JDK,
        /** A loop in Java over a direct buffer of 64 KiB. */
        LOOP_64K,
        /** Any other program on the JVM. */
        JVM,
        /** Any program outside of it that is not the limit. */
        OTHER
    }
}
