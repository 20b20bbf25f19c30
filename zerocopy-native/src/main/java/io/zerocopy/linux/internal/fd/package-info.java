/**
 * Which descriptor a channel has, and what is known of it. {@code Descriptors} finds it, {@code ChannelLease} owns its
 * mode and its locks, {@code FileStatus} is what the kernel says it is.
 */
package io.zerocopy.linux.internal.fd;
