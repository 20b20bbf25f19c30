/** The sends with MSG_ZEROCOPY of one socket, and what the kernel reports of them. */
package io.zerocopy.linux.internal.sends;
