package io.zerocopy;

/**
 * The result of a finished relay, one per direction.
 *
 * @param leftToRight what moved from left to right
 * @param rightToLeft what moved from right to left
 */
public record RelayResult(TransferResult leftToRight, TransferResult rightToLeft) {}
