/** A descriptor as a source ({@code DescriptorSource}) and as a target ({@code DescriptorTarget}) of a transfer. */
package io.zerocopy.linux.internal.port;
