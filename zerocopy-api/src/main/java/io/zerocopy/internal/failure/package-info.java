/**
 * Turns the failure of a call into the exception that the caller gets, with the count, the remainder and the mechanism.
 */
package io.zerocopy.internal.failure;
