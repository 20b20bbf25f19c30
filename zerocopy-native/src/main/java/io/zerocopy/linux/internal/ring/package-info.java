/** The memory and the calls of an io_uring; what the operations on it are for is said elsewhere. */
package io.zerocopy.linux.internal.ring;
