/** Direct memory that is used again: bounded pools that the garbage collector may empty. */
package io.zerocopy.linux.internal.memory;
