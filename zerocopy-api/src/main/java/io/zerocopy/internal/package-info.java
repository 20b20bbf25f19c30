/**
 * From a request to its result: {@code TransferSpec} (what to move) → {@code Planner} over {@code OrderTable} (which
 * mechanism first) → {@code TransferRun} (the one loop) → a driver that waits: {@code BlockingDriver}, or the caller.
 */
package io.zerocopy.internal;
