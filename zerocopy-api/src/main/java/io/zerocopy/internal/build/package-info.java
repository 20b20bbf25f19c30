/**
 * From the calls of a builder to a transfer that can run. {@code TransferBuilder} fills in a {@code TransferSpec};
 * {@code DefaultTransfer} plans it, runs it or opens it as a session.
 */
package io.zerocopy.internal.build;
