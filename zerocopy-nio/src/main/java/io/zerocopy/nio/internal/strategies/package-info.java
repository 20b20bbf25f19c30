/** Mechanisms that read, write, gather and map, and classes that several of them use. */
package io.zerocopy.nio.internal.strategies;
