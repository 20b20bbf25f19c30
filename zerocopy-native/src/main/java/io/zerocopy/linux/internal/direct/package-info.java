/** Direct I/O: moves whole blocks past the page cache, and parts of blocks through it. */
package io.zerocopy.linux.internal.direct;
