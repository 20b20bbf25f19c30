/**
 * The interface to the kernel: {@link io.zerocopy.linux.sys.Syscalls} has one method per C function, constants in
 * {@link io.zerocopy.linux.sys.C} have their C spelling, and {@link io.zerocopy.linux.sys.Errno} says what each error
 * means to a transfer.
 */
package io.zerocopy.linux.sys;
