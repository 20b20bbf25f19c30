/** An io_uring: its shared memory and its system calls. */
package io.zerocopy.linux.internal.direct.uring;
