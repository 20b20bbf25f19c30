/** Waits until descriptors are ready: a platform thread in poll(2), a virtual thread in a selector that parks it. */
package io.zerocopy.linux.internal.poll;
