package io.zerocopy.linux.sys;

import java.util.Map;

/** What the errors of system calls are called. Numbers are those of the processors of {@link Abi}. */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EXDEV = 18;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ENOTTY = 25;
    public static final int ETXTBSY = 26;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int ESPIPE = 29;
    public static final int EROFS = 30;
    public static final int EPIPE = 32;
    public static final int ENOSYS = 38;
    public static final int ELOOP = 40;
    public static final int EOVERFLOW = 75;
    public static final int ENOTSOCK = 88;
    public static final int EOPNOTSUPP = 95;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ENOTCONN = 107;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTUNREACH = 113;
    public static final int ESTALE = 116;
    public static final int EDQUOT = 122;
    public static final int ECANCELED = 125;

    private static final Map<Integer, String> TEXTS = Map.ofEntries(
            Map.entry(EPERM, "EPERM (Operation not permitted)"),
            Map.entry(ENOENT, "ENOENT (No such file or directory)"),
            Map.entry(EINTR, "EINTR (Interrupted system call)"),
            Map.entry(EIO, "EIO (Input/output error)"),
            Map.entry(ENXIO, "ENXIO (No such device or address)"),
            Map.entry(EBADF, "EBADF (Bad file descriptor)"),
            Map.entry(EAGAIN, "EAGAIN (Resource temporarily unavailable)"),
            Map.entry(ENOMEM, "ENOMEM (Cannot allocate memory)"),
            Map.entry(EACCES, "EACCES (Permission denied)"),
            Map.entry(EFAULT, "EFAULT (Bad address)"),
            Map.entry(EBUSY, "EBUSY (Device or resource busy)"),
            Map.entry(EEXIST, "EEXIST (File exists)"),
            Map.entry(EXDEV, "EXDEV (Invalid cross-device link)"),
            Map.entry(ENODEV, "ENODEV (No such device)"),
            Map.entry(ENOTDIR, "ENOTDIR (Not a directory)"),
            Map.entry(EISDIR, "EISDIR (Is a directory)"),
            Map.entry(EINVAL, "EINVAL (Invalid argument)"),
            Map.entry(ENFILE, "ENFILE (Too many open files in system)"),
            Map.entry(EMFILE, "EMFILE (Too many open files)"),
            Map.entry(ENOTTY, "ENOTTY (Inappropriate ioctl for device)"),
            Map.entry(ETXTBSY, "ETXTBSY (Text file busy)"),
            Map.entry(EFBIG, "EFBIG (File too large)"),
            Map.entry(ENOSPC, "ENOSPC (No space left on device)"),
            Map.entry(ESPIPE, "ESPIPE (Illegal seek)"),
            Map.entry(EROFS, "EROFS (Read-only file system)"),
            Map.entry(EPIPE, "EPIPE (Broken pipe)"),
            Map.entry(ENOSYS, "ENOSYS (Function not implemented)"),
            Map.entry(ELOOP, "ELOOP (Too many levels of symbolic links)"),
            Map.entry(EOVERFLOW, "EOVERFLOW (Value too large for defined data type)"),
            Map.entry(ENOTSOCK, "ENOTSOCK (Socket operation on non-socket)"),
            Map.entry(EOPNOTSUPP, "EOPNOTSUPP (Operation not supported)"),
            Map.entry(ECONNRESET, "ECONNRESET (Connection reset by peer)"),
            Map.entry(ENOBUFS, "ENOBUFS (No buffer space available)"),
            Map.entry(ENOTCONN, "ENOTCONN (Transport endpoint is not connected)"),
            Map.entry(ETIMEDOUT, "ETIMEDOUT (Connection timed out)"),
            Map.entry(ECONNREFUSED, "ECONNREFUSED (Connection refused)"),
            Map.entry(EHOSTUNREACH, "EHOSTUNREACH (No route to host)"),
            Map.entry(ESTALE, "ESTALE (Stale file handle)"),
            Map.entry(EDQUOT, "EDQUOT (Disk quota exceeded)"),
            Map.entry(ECANCELED, "ECANCELED (Operation canceled)"));

    private Errno() {}

    /** Returns the name of an error for people. */
    public static String text(int errno) {
        return TEXTS.getOrDefault(errno, "errno " + errno);
    }

    /** Returns a message such as {@code splice: EPIPE (Broken pipe)}, from a call's name and its negative result. */
    public static String message(String call, long result) {
        return call + ": " + text((int) -result);
    }
}
