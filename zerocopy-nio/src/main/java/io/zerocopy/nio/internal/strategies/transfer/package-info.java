/** {@code transferTo} and {@code transferFrom} of the JDK, and what has to be checked around them. */
package io.zerocopy.nio.internal.strategies.transfer;
