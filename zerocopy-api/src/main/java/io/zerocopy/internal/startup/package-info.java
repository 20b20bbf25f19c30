/** What happens once, before the first transfer: whether descriptors are left to load classes with, and which to load ahead. */
package io.zerocopy.internal.startup;
