/** Classes that ports and strategies share. */
package io.zerocopy.nio.internal;
