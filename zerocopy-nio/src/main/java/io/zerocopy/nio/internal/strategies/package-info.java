/** Mechanisms that read, write, gather and map: one file for each, and what several of them need. */
package io.zerocopy.nio.internal.strategies;
