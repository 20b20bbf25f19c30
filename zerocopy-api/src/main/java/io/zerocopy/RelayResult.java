package io.zerocopy;

/**
 * What a finished relay did, one result per direction.
 *
 * @param leftToRight what went from left to right
 * @param rightToLeft what went from right to left
 */
public record RelayResult(TransferResult leftToRight, TransferResult rightToLeft) {}
