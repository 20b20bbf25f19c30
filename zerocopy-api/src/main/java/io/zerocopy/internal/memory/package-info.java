/** The buffers that all modules share, in one bounded pool. */
package io.zerocopy.internal.memory;
