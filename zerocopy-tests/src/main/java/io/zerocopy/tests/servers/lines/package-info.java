/** A server with a virtual thread for each connection, as an example to copy. */
package io.zerocopy.tests.servers.lines;
