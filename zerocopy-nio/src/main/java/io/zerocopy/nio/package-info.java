/**
 * Transfers on plain {@code java.nio}: ports over any channel or stream, and the mechanisms read and write, gathered
 * write, mapped write, {@code transferTo} and {@code transferFrom}. {@link java.util.ServiceLoader} finds the provider.
 */
package io.zerocopy.nio;
