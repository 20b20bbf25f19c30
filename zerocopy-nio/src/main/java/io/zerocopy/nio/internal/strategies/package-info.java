/** One file per mechanism, and what several of them need. */
package io.zerocopy.nio.internal.strategies;
