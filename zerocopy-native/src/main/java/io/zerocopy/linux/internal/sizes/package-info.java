/** How many bytes one call of the native part is asked for, in one table. */
package io.zerocopy.linux.internal.sizes;
