/** Reads and writes of whole blocks, many of which are under way at once. */
package io.zerocopy.linux.internal.direct;
