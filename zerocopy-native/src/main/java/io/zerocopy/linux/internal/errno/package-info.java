/**
 * What the errors of system calls mean to a transfer: {@link io.zerocopy.linux.internal.errno.ErrnoTable} says for each
 * {@link io.zerocopy.linux.internal.errno.Call} and errno what its {@link io.zerocopy.linux.internal.errno.Outcome} is.
 */
package io.zerocopy.linux.internal.errno;
