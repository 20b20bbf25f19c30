package io.zerocopy.nio.internal.strategies;

/** What the JDK's own copying calls make of channels past the page cache. */
final class DirectChannels {
    /** They fail for every length that is no multiple of a block, the last one above all. */
    static final String REFUSAL = "a file is open past the page cache, where the JDK moves whole blocks only";

    private DirectChannels() {}
}
