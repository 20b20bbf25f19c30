/**
 * The contract that every provider must pass, as test classes to extend, and their building blocks:
 * {@link io.zerocopy.tests.contract.TestFixture} opens and closes what one test needs and checks for leaks,
 * {@link io.zerocopy.tests.contract.Content} defines the expected byte at each position, and other classes create all
 * kinds of sources and targets.
 */
package io.zerocopy.tests.contract;
