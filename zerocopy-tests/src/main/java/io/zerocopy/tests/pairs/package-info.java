/** Sources and targets with their peers, so that any pair of them can be moved over, verified and measured. */
package io.zerocopy.tests.pairs;
