/**
 * What a provider of mechanisms implements: it describes ends ({@link io.zerocopy.spi.Facts}), gives them ports
 * ({@link io.zerocopy.spi.Source}, {@link io.zerocopy.spi.Target}) and offers one {@link io.zerocopy.spi.Strategy}
 * per mechanism, a step machine that never waits. The loop in {@code io.zerocopy.internal} owns everything else.
 */
package io.zerocopy.spi;
