package io.zerocopy.nio.internal.strategies.transfer;

/** Why the JDK's own copying calls refuse channels that are open for direct I/O. */
final class DirectChannels {
    /** These calls fail for every length that is not a multiple of a block, usually the last one. */
    static final String REFUSAL = "a file is open past the page cache, where the JDK moves whole blocks only";

    private DirectChannels() {}
}
