/** Ports over channels and streams. */
package io.zerocopy.nio.internal.ports;
