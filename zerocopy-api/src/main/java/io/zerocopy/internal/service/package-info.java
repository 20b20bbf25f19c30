/** Finds the providers on the path of this process; one that cannot be made is in the report, with its cause. */
package io.zerocopy.internal.service;
