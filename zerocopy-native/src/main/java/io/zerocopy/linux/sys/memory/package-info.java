/** Memory outside the heap for the structures of system calls, and the addresses of direct buffers. */
package io.zerocopy.linux.sys.memory;
