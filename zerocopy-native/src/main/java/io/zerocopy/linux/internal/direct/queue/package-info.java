/** Reads and writes of blocks, several under way at once: by a ring, or by a second thread where there is no ring. */
package io.zerocopy.linux.internal.direct.queue;
