/**
 * Calls the C library: by JNA, and from Java 22 on the frequent functions through {@code java.lang.foreign}. {@code
 * Binding} chooses.
 */
package io.zerocopy.linux.sys.bind;
