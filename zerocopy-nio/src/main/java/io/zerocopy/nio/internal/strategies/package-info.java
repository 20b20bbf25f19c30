/** One strategy per mechanism, their movers, and classes that several of them share. */
package io.zerocopy.nio.internal.strategies;
