/**
 * What the errors of system calls mean to a transfer: {@link io.zerocopy.linux.internal.errno.ErrnoTable} says for each
 * {@link io.zerocopy.linux.internal.errno.Call} and errno what its {@link io.zerocopy.linux.internal.errno.Outcome} is,
 * and {@link io.zerocopy.linux.internal.errno.SideTable} whether the source or the target has failed.
 * {@link io.zerocopy.linux.internal.errno.NameFailure} says which exception stands for the failure of a call that names
 * a file. No other room compares errnos.
 */
package io.zerocopy.linux.internal.errno;
