/** The kernel's facts about a file and its file system: statx(2), statfs(2). */
package io.zerocopy.linux.internal.stat;
