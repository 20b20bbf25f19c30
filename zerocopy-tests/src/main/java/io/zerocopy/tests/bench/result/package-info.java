/** What a run has measured: as text, as a file of values, as a plot, and against the goals. */
package io.zerocopy.tests.bench.result;
