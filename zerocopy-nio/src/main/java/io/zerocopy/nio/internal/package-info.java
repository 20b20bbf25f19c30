/** The description of paths, and classes that ports and strategies share. */
package io.zerocopy.nio.internal;
