/**
 * The loop that moves bytes. {@code TransferLoop} works through {@code Segments}: header, body or parts, trailer. A
 * {@code BodySegment} is moved by the first mechanism that does not decline. {@code GuardedSession} is the loop as a
 * caller drives it.
 */
package io.zerocopy.internal.loop;
