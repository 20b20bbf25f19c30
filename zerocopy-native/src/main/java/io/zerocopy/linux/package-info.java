/**
 * The mechanisms of Linux: {@link io.zerocopy.linux.LinuxProvider} describes ends by their descriptors and moves bytes
 * by {@code sendfile}, {@code splice}, {@code copy_file_range}, {@code FICLONE}, {@code MSG_ZEROCOPY} and direct I/O.
 * {@link java.util.ServiceLoader} finds it; applications need not name it.
 */
package io.zerocopy.linux;
