/** Sources and targets of a benchmark, the directories of their files, and the peers at their other ends. */
package io.zerocopy.tests.bench.pair;
