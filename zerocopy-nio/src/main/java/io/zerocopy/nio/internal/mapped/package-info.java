/** Files as memory. */
package io.zerocopy.nio.internal.mapped;
