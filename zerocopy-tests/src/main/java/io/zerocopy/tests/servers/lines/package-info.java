/** A server with a virtual thread for each connection, to copy from. */
package io.zerocopy.tests.servers.lines;
