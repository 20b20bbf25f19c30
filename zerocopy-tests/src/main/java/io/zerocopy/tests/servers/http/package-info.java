/** A file server and upload receiver on one selector thread, to copy from. Start with {@code HttpServer}. */
package io.zerocopy.tests.servers.http;
