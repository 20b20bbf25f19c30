/**
 * Moves bytes between any two of file, socket, pipe, device, memory, channel and stream by the cheapest mechanism
 * that the kernel, the pair and the moment allow. Start at {@link io.zerocopy.Transfers}.
 */
package io.zerocopy;
