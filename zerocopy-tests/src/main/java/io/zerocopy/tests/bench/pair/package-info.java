/** Sources and targets of a benchmark, the places they lie in, and the peers at their other ends. */
package io.zerocopy.tests.bench.pair;
