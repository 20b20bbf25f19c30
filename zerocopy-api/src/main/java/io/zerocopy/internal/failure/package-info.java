/** Turns the failure of a call into the exception that the caller sees, with the count, the remainder and the mechanism. */
package io.zerocopy.internal.failure;
