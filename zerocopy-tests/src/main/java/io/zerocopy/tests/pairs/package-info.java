/** Sources and targets with their peers, so that transfers over any pair of them can be verified and measured. */
package io.zerocopy.tests.pairs;
