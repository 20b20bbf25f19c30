/** Ports over channels and streams, and the description of paths. */
package io.zerocopy.nio.internal.ports;
