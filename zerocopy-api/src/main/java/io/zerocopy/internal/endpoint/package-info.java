/**
 * Opens, checks and describes both ends of a transfer, and puts them back afterwards. Start at {@code OpenEndpoints}.
 */
package io.zerocopy.internal.endpoint;
