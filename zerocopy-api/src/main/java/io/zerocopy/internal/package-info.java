/**
 * From a request to its result: {@code TransferSpec} (what to move) → {@code OpenEndpoints} (both ends described, checked
 * and opened, for plans, runs and sessions alike) → {@code Planner} over {@code OrderTable} (which
 * mechanism first) → {@code TransferRun} (the one loop), driven by {@code DefaultTransfer.run()}, which waits, or by the
 * caller through a {@code GuardedSession}.
 */
package io.zerocopy.internal;
