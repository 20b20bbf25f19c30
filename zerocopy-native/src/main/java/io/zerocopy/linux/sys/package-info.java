/**
 * The seam to the kernel: {@link io.zerocopy.linux.sys.Syscalls} has one method per C function, constants in
 * {@link io.zerocopy.linux.sys.C} have their C spelling, and {@link io.zerocopy.linux.sys.Errno} names the errors.
 * A call that a signal interrupts is repeated here. What other errors mean is not decided here.
 */
package io.zerocopy.linux.sys;
