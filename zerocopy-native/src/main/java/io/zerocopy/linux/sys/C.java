package io.zerocopy.linux.sys;

/**
 * Constants of Linux in their C spelling, with the values that all processors of {@link Abi} share. Constants that
 * differ between processors, such as {@code O_DIRECT}, are in {@link Abi}.
 */
public final class C {
    public static final int O_ACCMODE = 3;
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0100;
    public static final int O_EXCL = 0200;
    public static final int O_NOCTTY = 0400;
    public static final int O_APPEND = 02000;
    public static final int O_NONBLOCK = 04000;
    public static final int O_CLOEXEC = 02000000;
    public static final int O_PATH = 010000000;

    public static final int F_GETFL = 3;
    public static final int F_SETFL = 4;
    public static final int F_SETPIPE_SZ = 1031;
    public static final int F_GETPIPE_SZ = 1032;

    public static final int SEEK_SET = 0;
    public static final int SEEK_CUR = 1;
    public static final int SEEK_DATA = 3;
    public static final int SEEK_HOLE = 4;

    public static final int SYNC_FILE_RANGE_WAIT_BEFORE = 1;
    public static final int SYNC_FILE_RANGE_WRITE = 2;
    public static final int SYNC_FILE_RANGE_WAIT_AFTER = 4;

    public static final int FALLOC_FL_KEEP_SIZE = 1;
    public static final int FALLOC_FL_PUNCH_HOLE = 2;

    public static final int SPLICE_F_MOVE = 1;
    public static final int SPLICE_F_NONBLOCK = 2;
    public static final int SPLICE_F_MORE = 4;

    public static final int POLLIN = 1;
    public static final int POLLOUT = 4;

    public static final int POLLERR = 8;
    public static final int POLLHUP = 16;

    public static final int EPOLL_CTL_ADD = 1;
    public static final int EPOLL_CTL_DEL = 2;
    public static final int EPOLLONESHOT = 1 << 30;

    public static final int SHUT_WR = 1;

    public static final int RWF_NOWAIT = 8;
    public static final int RWF_DONTCACHE = 0x80;

    public static final int AT_FDCWD = -100;
    public static final int AT_REMOVEDIR = 0x200;
    public static final int AT_SYMLINK_FOLLOW = 0x400;
    public static final int AT_EMPTY_PATH = 0x1000;
    public static final int AT_STATX_FORCE_SYNC = 0x2000;
    public static final int RENAME_NOREPLACE = 1;
    public static final int STATX_BASIC_STATS = 0x7ff;
    public static final int STATX_BTIME = 0x800;
    public static final int STATX_SIZE = 0x200;
    public static final int STATX_BLOCKS = 0x400;
    public static final int STATX_DIOALIGN = 0x2000;
    public static final int STATX_MNT_ID_UNIQUE = 0x4000;

    public static final int S_IFMT = 0170000;
    public static final int S_IFSOCK = 0140000;
    public static final int S_IFLNK = 0120000;
    public static final int S_IFREG = 0100000;
    public static final int S_IFBLK = 060000;
    public static final int S_IFDIR = 040000;
    public static final int S_IFCHR = 020000;
    public static final int S_IFIFO = 010000;
    public static final int S_ISUID = 04000;
    public static final int S_ISGID = 02000;
    public static final int S_ISVTX = 01000;
    public static final int S_IXGRP = 010;
    public static final int S_IRWXUGO = 0777;

    public static final int SOL_SOCKET = 1;
    public static final int SO_TYPE = 3;
    public static final int SO_RCVTIMEO = 20;
    public static final int SO_SNDTIMEO = 21;
    public static final int SO_DOMAIN = 39;
    public static final int SO_ZEROCOPY = 60;
    public static final int SOCK_STREAM = 1;
    public static final int AF_UNIX = 1;
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;

    public static final int IPPROTO_TCP = 6;
    public static final int TCP_CORK = 3;
    public static final int TCP_NOTSENT_LOWAT = 25;
    public static final int SOL_IP = 0;
    public static final int IP_RECVERR = 11;
    public static final int SOL_IPV6 = 41;
    public static final int IPV6_RECVERR = 25;
    public static final int SO_EE_ORIGIN_ZEROCOPY = 5;
    public static final int SO_EE_CODE_ZEROCOPY_COPIED = 1;

    public static final int MSG_DONTWAIT = 0x40;
    public static final int MSG_ERRQUEUE = 0x2000;
    public static final int MSG_NOSIGNAL = 0x4000;
    public static final int MSG_MORE = 0x8000;
    public static final int MSG_ZEROCOPY = 0x4000000;

    public static final long FICLONE = 0x40049409L;
    public static final long FICLONERANGE = 0x4020940dL;
    public static final long SIOCETHTOOL = 0x8946L;
    public static final int ETHTOOL_GSG = 0x18;

    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int MADV_POPULATE_READ = 22;
    public static final int MAP_SHARED = 1;
    public static final int MAP_PRIVATE = 2;
    public static final int MAP_ANONYMOUS = 0x20;
    public static final int MAP_POPULATE = 0x8000;

    /**
     * System calls without a function in the C library. All processors use the same numbers for calls that were added
     * after Linux 5.0. These are in arch/x86/entry/syscalls/syscall_64.tbl (x86-64) and
     * include/uapi/asm-generic/unistd.h (aarch64, riscv64, loongarch64) of the kernel's source.
     */
    public static final int SYS_IO_URING_SETUP = 425;

    public static final int SYS_CACHESTAT = 451;
    public static final int SYS_IO_URING_ENTER = 426;
    public static final int SYS_IO_URING_REGISTER = 427;

    public static final long IORING_OFF_SQ_RING = 0;
    public static final long IORING_OFF_SQES = 0x10000000;
    public static final int IORING_FEAT_SINGLE_MMAP = 1;
    public static final int IORING_FEAT_NODROP = 2;
    public static final int IORING_ENTER_GETEVENTS = 1;
    public static final int IORING_REGISTER_BUFFERS = 0;
    public static final int IORING_UNREGISTER_BUFFERS = 1;
    public static final int IORING_REGISTER_PROBE = 8;
    public static final int IORING_OP_NOP = 0;
    public static final int IORING_OP_READ_FIXED = 4;
    public static final int IORING_OP_WRITE_FIXED = 5;
    public static final int IORING_OP_ASYNC_CANCEL = 14;
    public static final int IORING_OP_READ = 22;
    public static final int IORING_OP_WRITE = 23;
    public static final int IOSQE_ASYNC = 1 << 4;
    public static final int IO_URING_OP_SUPPORTED = 1;

    /** Most bytes that one call moves, whatever count it is given; see read(2). */
    public static final long MAX_RW_COUNT = 0x7ffff000L;

    /** Most buffers that one gathered write takes; see writev(2). */
    public static final int IOV_MAX = 1024;

    private C() {}
}
