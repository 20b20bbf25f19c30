package io.zerocopy.linux.sys;

/**
 * The {@code struct msghdr} of sendmsg(2) and recvmsg(2) in a {@link Memory}, behind the table of buffers at its start.
 * The layout is that of 64-bit Linux, whatever the C library.
 */
public final class Message {
    private static final int NAME = Memory.MESSAGE;
    private static final int IOV = NAME + 16;
    private static final int IOVLEN = NAME + 24;
    private static final int CONTROL = NAME + 32;
    private static final int CONTROLLEN = NAME + 40;
    private static final int FLAGS = NAME + 48;

    /** Where ancillary data is received. */
    public static final int ANCILLARY = NAME + 64;

    /** Room for one report of the error queue, with the address in it: some 100 bytes. */
    public static final int ANCILLARY_CAPACITY = 256;

    static final int CAPACITY = 64 + ANCILLARY_CAPACITY;

    private Message() {}

    /** Makes a message of the first buffers in the memory's table; returns its address. */
    public static long ofBuffers(Memory memory, int count) {
        memory.putLong(NAME, 0).putLong(NAME + 8, 0);
        memory.putLong(IOV, memory.address()).putLong(IOVLEN, count);
        memory.putLong(CONTROL, 0).putLong(CONTROLLEN, 0).putLong(FLAGS, 0);
        return memory.address(NAME);
    }
}
