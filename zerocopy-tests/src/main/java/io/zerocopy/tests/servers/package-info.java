/** Example servers to copy from. Each one is small, complete, and built from transfers. */
package io.zerocopy.tests.servers;
