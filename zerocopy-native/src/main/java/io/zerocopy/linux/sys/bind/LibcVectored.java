package io.zerocopy.linux.sys.bind;

/** Functions that the GNU C library has and others may lack. Everything else works without them. */
final class LibcVectored {
    private LibcVectored() {}

    static native long preadv2(int fd, long iov, int iovcnt, long offset, int flags);

    static native long pwritev2(int fd, long iov, int iovcnt, long offset, int flags);
}
