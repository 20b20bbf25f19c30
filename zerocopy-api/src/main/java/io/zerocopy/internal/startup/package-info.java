/**
 * Work that is done once, before the first transfer: it checks for descriptors to load classes, and loads classes
 * ahead.
 */
package io.zerocopy.internal.startup;
