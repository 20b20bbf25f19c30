/** What the kernel says of a file and of the file system it lies in: statx(2), statfs(2). */
package io.zerocopy.linux.internal.stat;
