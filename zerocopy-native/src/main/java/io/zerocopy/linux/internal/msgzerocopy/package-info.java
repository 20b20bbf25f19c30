/** Sends memory without a copy (MSG_ZEROCOPY), and keeps it until the kernel reports that it is no longer read. */
package io.zerocopy.linux.internal.msgzerocopy;
