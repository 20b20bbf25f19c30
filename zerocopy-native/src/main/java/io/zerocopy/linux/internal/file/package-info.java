/** Names inside open folders, attributes of open files, and files that get their name when they are complete. */
package io.zerocopy.linux.internal.file;
