/**
 * Compares the cost of moving bytes with other programs and libraries. A
 * {@link io.zerocopy.tests.bench.pair.BenchmarkCase} is a source and a target; a
 * {@link io.zerocopy.tests.bench.contestant.Contestant} moves bytes over it; a {@link io.zerocopy.tests.bench.Race} runs
 * the contestants in turn, in windows; a {@link io.zerocopy.tests.bench.result.Goal} is the ratio to reach.
 */
package io.zerocopy.tests.bench;
