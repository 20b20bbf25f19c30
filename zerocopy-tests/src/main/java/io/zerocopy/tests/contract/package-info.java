/**
 * The contract that every provider passes, as tests to extend, and what they are made of: {@link
 * io.zerocopy.tests.contract.Rig} opens and closes whatever one test needs and looks for what is left behind, {@link
 * io.zerocopy.tests.contract.Content} knows each byte by its position, and there are all kinds of sources and targets.
 */
package io.zerocopy.tests.contract;
