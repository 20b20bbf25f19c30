/** The command-line tool: {@code Main} and one class per sub-command. */
package io.zerocopy.tests.cli;
