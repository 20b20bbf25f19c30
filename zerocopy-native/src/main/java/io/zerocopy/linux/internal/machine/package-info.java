/**
 * All code over one binding of the C library: {@code Kernel} has the mechanisms, and {@code Probes} finds out by tries
 * what this machine can do. {@code NativeBinding} has the binding of this process, or the cause why there is none.
 */
package io.zerocopy.linux.internal.machine;
