/**
 * The seam to the kernel. {@link io.zerocopy.linux.sys.Syscalls} has one method for each C function, the constants in
 * {@link io.zerocopy.linux.sys.C} have their C spelling, and {@link io.zerocopy.linux.sys.Errno} tells what each error
 * means to a transfer.
 */
package io.zerocopy.linux.sys;
