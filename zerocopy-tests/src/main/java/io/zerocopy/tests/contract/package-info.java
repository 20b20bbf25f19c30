/**
 * The contract that every provider must pass: test classes to extend, and the sources and targets of all kinds on which
 * they test a provider.
 */
package io.zerocopy.tests.contract;
