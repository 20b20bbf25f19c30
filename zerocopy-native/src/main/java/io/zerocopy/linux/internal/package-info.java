/**
 * From a channel to system calls: {@code LeaseCache} finds what is behind a channel, {@code ChannelLease} remembers it,
 * {@code DescriptorSource} and {@code DescriptorTarget} are ports over it, and one strategy per system call moves bytes.
 */
package io.zerocopy.linux.internal;
