/**
 * The interfaces that a provider of mechanisms implements. A provider describes ends ({@link io.zerocopy.spi.EndpointFacts}),
 * supplies their ports ({@link io.zerocopy.spi.Source}, {@link io.zerocopy.spi.Target}) and offers one
 * {@link io.zerocopy.spi.Strategy} per mechanism, which opens step machines that never wait
 * ({@link io.zerocopy.spi.Mover}). The loop in {@code io.zerocopy.internal.loop} does everything else.
 *
 * <p>A strategy with a {@linkplain io.zerocopy.spi.Strategy#name() name} of its own is a mechanism beside those of
 * {@link io.zerocopy.Mechanism}. A strategy that makes system calls gets the {@link io.zerocopy.spi.Descriptor} of an end
 * from {@link io.zerocopy.spi.Endpoint#descriptor()}, whichever provider supplied the end.
 *
 * <p>This package grows without breaking providers that are compiled already: methods of interfaces get a default, and values
 * are classes whose constructors stay, not records.
 */
package io.zerocopy.spi;
