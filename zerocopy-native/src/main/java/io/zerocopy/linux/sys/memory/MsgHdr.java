package io.zerocopy.linux.sys.memory;

import io.zerocopy.linux.sys.C;

/**
 * The {@code struct msghdr} of sendmsg(2) and recvmsg(2) in a {@link Memory}, after the table of buffers at its start.
 * The layout is that of 64-bit Linux, and is the same for every C library.
 */
public final class MsgHdr {
    private static final int NAME = Memory.MESSAGE;
    private static final int IOV = NAME + 16;
    private static final int IOVLEN = NAME + 24;
    private static final int CONTROL = NAME + 32;
    private static final int CONTROLLEN = NAME + 40;
    private static final int FLAGS = NAME + 48;

    private static final int ANCILLARY = NAME + 64;

    /** Room for one report of the error queue, including its address: about 100 bytes. */
    private static final int ANCILLARY_CAPACITY = 256;

    static final int CAPACITY = 64 + ANCILLARY_CAPACITY;

    // struct cmsghdr: size_t length, int level, int type; followed by struct sock_extended_err
    private static final int CMSG_LEVEL = ANCILLARY + 8;
    private static final int CMSG_TYPE = ANCILLARY + 12;
    private static final int EE_ERRNO = ANCILLARY + 16;
    private static final int EE_ORIGIN = ANCILLARY + 20;
    private static final int EE_CODE = ANCILLARY + 22;
    private static final int EE_INFO = ANCILLARY + 24;
    private static final int EE_DATA = ANCILLARY + 28;
    private static final int SHORTEST_REPORT = 32;

    private MsgHdr() {}

    /** Writes a message with the first {@code count} buffers of the memory's table; returns its address. */
    public static long ofBuffers(Memory memory, int count) {
        memory.putLong(NAME, 0).putLong(NAME + 8, 0);
        memory.putLong(IOV, memory.address()).putLong(IOVLEN, count);
        memory.putLong(CONTROL, 0).putLong(CONTROLLEN, 0).putLong(FLAGS, 0);
        return memory.address(NAME);
    }

    /** Writes a message that receives one report of a socket's error queue; returns its address. */
    public static long ofReport(Memory memory) {
        ofBuffers(memory, 0);
        memory.putLong(CONTROL, memory.address(ANCILLARY)).putLong(CONTROLLEN, ANCILLARY_CAPACITY);
        return memory.address(NAME);
    }

    /** Returns whether the received report says that sends with {@code MSG_ZEROCOPY} are complete. */
    public static boolean isCompletion(Memory memory) {
        int level = memory.getInt(CMSG_LEVEL);
        int type = memory.getInt(CMSG_TYPE);
        return memory.getLong(CONTROLLEN) >= SHORTEST_REPORT
                && (level == C.SOL_IP && type == C.IP_RECVERR || level == C.SOL_IPV6 && type == C.IPV6_RECVERR)
                && memory.getInt(EE_ERRNO) == 0
                && (memory.getUnsignedShort(EE_ORIGIN) & 0xff) == C.SO_EE_ORIGIN_ZEROCOPY;
    }

    /** Returns the number of the first send that is complete. */
    public static int firstCompleted(Memory memory) {
        return memory.getInt(EE_INFO);
    }

    /** Returns the number of the last send that is complete. */
    public static int lastCompleted(Memory memory) {
        return memory.getInt(EE_DATA);
    }

    /** Returns whether the kernel copied the bytes in spite of {@code MSG_ZEROCOPY}. */
    public static boolean isCopied(Memory memory) {
        return (memory.getUnsignedShort(EE_CODE) & C.SO_EE_CODE_ZEROCOPY_COPIED) != 0;
    }
}
