/** Parts that every sub-command uses: addresses, the progress bar, error lines, and facts about this machine. */
package io.zerocopy.tests.cli.terminal;
