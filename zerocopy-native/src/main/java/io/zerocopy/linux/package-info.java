/**
 * The mechanisms of Linux: {@link io.zerocopy.linux.LinuxProvider} describes ends by their descriptors and moves bytes by
 * {@code sendfile}, {@code splice}, {@code copy_file_range} and {@code FICLONE}. Applications never name it; it is found
 * through {@link java.util.ServiceLoader}.
 */
package io.zerocopy.linux;
