/** The contestants that move the bytes: the library, ways of the JDK, Netty, and programs in their own processes. */
package io.zerocopy.tests.bench.contestant;
