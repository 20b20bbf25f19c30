/**
 * The interfaces that a provider of mechanisms implements. A provider describes ends ({@link io.zerocopy.spi.EndpointFacts}),
 * supplies their ports ({@link io.zerocopy.spi.Source}, {@link io.zerocopy.spi.Target}) and offers one
 * {@link io.zerocopy.spi.Strategy} per mechanism, which opens step machines that never wait
 * ({@link io.zerocopy.spi.Mover}). The loop in {@code io.zerocopy.internal.loop} does everything else.
 */
package io.zerocopy.spi;
