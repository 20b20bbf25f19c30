/** Servers to copy from: each is a complete one, small, and composed of transfers. */
package io.zerocopy.tests.servers;
