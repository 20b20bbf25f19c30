/** A proxy with all its connections on one selector thread, to copy from. Start with {@code Proxy}. */
package io.zerocopy.tests.servers.proxy;
