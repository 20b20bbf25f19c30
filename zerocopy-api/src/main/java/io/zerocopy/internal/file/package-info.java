/** Names of files and folders: links, identity, files that are made for a copy, and names on disk. */
package io.zerocopy.internal.file;
