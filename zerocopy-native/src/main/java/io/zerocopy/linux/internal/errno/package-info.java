/**
 * What the errors of system calls mean to a transfer: {@link io.zerocopy.linux.internal.errno.ErrnoTable} says for each
 * {@link io.zerocopy.linux.internal.errno.Call} and errno what its {@link io.zerocopy.linux.internal.errno.Outcome} is,
 * and {@link io.zerocopy.linux.internal.errno.SideTable} whether the source or the target has failed.
 */
package io.zerocopy.linux.internal.errno;
