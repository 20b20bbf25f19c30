/** A proxy with all its connections on one selector thread, as an example to copy. Start with {@code Proxy}. */
package io.zerocopy.tests.servers.proxy;
