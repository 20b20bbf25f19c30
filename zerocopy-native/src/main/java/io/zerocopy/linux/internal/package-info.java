/**
 * From a channel to system calls: {@code Descriptors} finds what is behind a channel, {@code Handle} remembers it,
 * {@code DescriptorSource} and {@code DescriptorTarget} are ports over it, and one strategy per system call moves bytes.
 */
package io.zerocopy.linux.internal;
