/** Two transfers over the same two channels, one for each direction. {@code RelayLoop} drives both. */
package io.zerocopy.internal.relay;
