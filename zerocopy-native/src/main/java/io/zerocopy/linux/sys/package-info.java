/**
 * The seam to the kernel: {@link io.zerocopy.linux.sys.Syscalls} has one method per C function, constants in
 * {@link io.zerocopy.linux.sys.C} have their C spelling, and {@link io.zerocopy.linux.sys.Errno} names the errors.
 * Calls that a signal has interrupted are made again here; what all other errors mean is no business of the seam.
 */
package io.zerocopy.linux.sys;
