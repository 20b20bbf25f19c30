/**
 * Measures CPU time in windows and their spread, chooses processors, and builds and starts programs to compare with.
 */
package io.zerocopy.tests.bench.measure;
