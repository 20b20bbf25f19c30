package io.zerocopy.linux.internal.errno;

/** A system call, with the flag or the descriptor that makes its errors mean something else. */
public enum Call {
    SENDFILE("sendfile"),
    SPLICE("splice"),
    COPY_FILE_RANGE("copy_file_range"),
    FICLONERANGE("ioctl(FICLONERANGE)"),
    /** read, pread and readv by an end's own port. */
    READ("read"),
    /** write, pwrite, writev and sendmsg by an end's own port. */
    WRITE("write"),
    /** preadv2 and pwritev2 with a flag against waiting. */
    RWF_NOWAIT("preadv2(RWF_NOWAIT)"),
    /** pwritev2 with a flag that keeps no pages in the cache. */
    RWF_DONTCACHE("pwritev2(RWF_DONTCACHE)"),
    SEND_ZEROCOPY("sendmsg(MSG_ZEROCOPY)"),
    SO_ZEROCOPY("setsockopt(SO_ZEROCOPY)"),
    OPEN_DIRECT("open(O_DIRECT)"),
    DIRECT_PREAD("pread(O_DIRECT)"),
    /** As {@link #DIRECT_PREAD}, of a range that may go beyond the file's end by now. */
    DIRECT_PREAD_AT_END("pread(O_DIRECT)"),
    DIRECT_PWRITE("pwrite(O_DIRECT)"),
    /** As {@link #DIRECT_PWRITE}, by a {@code DirectFile}, which has no other mechanism to fall back to. */
    DIRECT_FILE_PWRITE("pwrite(O_DIRECT)"),
    /** Setting up a ring, its probe included. */
    IO_URING_SETUP("io_uring_setup"),
    IO_URING_BUFFERS("io_uring_register(BUFFERS)"),
    IO_URING_ENTER("io_uring_enter"),
    /** A ring's result of one read or write. */
    IO_URING_COMPLETION("io_uring"),
    PIPE2("pipe2"),
    /** Making a descriptor non-blocking. */
    SETFL("fcntl"),
    POLL("poll"),
    SEEK_DATA("lseek(SEEK_DATA)"),
    /** Asking a descriptor for its position. */
    SEEK_CUR("lseek(SEEK_CUR)"),
    /** Opening the writing end of a FIFO without waiting. */
    OPEN_FIFO("open"),
    /** Looking a name up: by statx, or by opening it with O_PATH. */
    LOOK_UP("open(O_PATH)"),
    /** Making a file that has no name. */
    OPEN_UNNAMED("open(O_TMPFILE)"),
    MKDIR("mkdir"),
    LINK("link"),
    /** Renaming where a file that has the new name is not replaced. */
    RENAME_NEW("rename"),
    /** Every call, inside its binding: no caller sees the error. */
    ANY_CALL("");

    private final String text;

    Call(String text) {
        this.text = text;
    }

    /** Its name for people. */
    public String text() {
        return text;
    }
}
