/** The results of a run: as text, as a file of values, as a plot, and compared with the goals. */
package io.zerocopy.tests.bench.result;
