/** Copies between paths with the options of {@code Files.copy}; handles staging, attributes and modes of files. */
package io.zerocopy.internal.path;
