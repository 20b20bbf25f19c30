/** Reads fields of objects of the JDK that no public method shows. Only descriptors, locks and modes are read. */
package io.zerocopy.linux.internal.jdk;
