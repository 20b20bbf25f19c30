/**
 * What moving bytes costs, beside everybody else who moves them: {@link io.zerocopy.tests.bench.Course} is what is to be
 * moved, {@link io.zerocopy.tests.bench.Contestant} who moves it, {@link io.zerocopy.tests.bench.Race} one after the other
 * in windows, and {@link io.zerocopy.tests.bench.Goal} what was promised of the ratio.
 */
package io.zerocopy.tests.bench;
