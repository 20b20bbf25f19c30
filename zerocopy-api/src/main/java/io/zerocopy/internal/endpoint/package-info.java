/**
 * Opens, checks and describes both ends of a transfer, and releases them afterwards. Start at {@code OpenEndpoints}.
 */
package io.zerocopy.internal.endpoint;
