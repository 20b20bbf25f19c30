/** A file server and upload receiver on one selector thread, as an example to copy. Start with {@code HttpServer}. */
package io.zerocopy.tests.servers.http;
