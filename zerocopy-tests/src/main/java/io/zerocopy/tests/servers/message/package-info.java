/** The messages of HTTP: requests, responses, ranges, conditions, dates, refusals. */
package io.zerocopy.tests.servers.message;
