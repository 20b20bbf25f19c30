/** The meters: CPU time, windows and their spread, processors to run on, programs of the machine to run beside. */
package io.zerocopy.tests.bench.measure;
