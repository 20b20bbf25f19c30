/**
 * The contract that every provider must pass, as test classes to extend, and the sources and targets of all kinds that it
 * is tried with.
 */
package io.zerocopy.tests.contract;
