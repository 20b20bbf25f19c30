/** Mechanisms that move bytes between two descriptors inside the kernel: one strategy for each system call. */
package io.zerocopy.linux.internal.copy;
