/** Who moves the bytes: the library, ways of the JDK, Netty, and programs in processes of their own. */
package io.zerocopy.tests.bench.contestant;
