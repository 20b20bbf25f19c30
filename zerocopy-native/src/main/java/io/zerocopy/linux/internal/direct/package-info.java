/** Direct I/O: moves whole blocks past the page cache, and what fills no block through it. */
package io.zerocopy.linux.internal.direct;
