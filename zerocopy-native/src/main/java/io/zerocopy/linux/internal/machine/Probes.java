package io.zerocopy.linux.internal.machine;

import io.zerocopy.linux.internal.copy.PipePool;
import io.zerocopy.linux.internal.copy.ReflinkStrategy;
import io.zerocopy.linux.internal.direct.DirectDescriptor;
import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.fd.LeaseCache;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.bind.Binding;
import io.zerocopy.linux.sys.memory.Memory;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Finds facts that only a try shows, and the kernel's current limits. */
final class Probes {
    private static final int IFNAMSIZ = 16;
    private static final int IFREQ_DATA = 16;
    private static final int ETHTOOL_VALUE = 64; // offset of the command's structure in our memory

    private static final Set<OpenOption> PROBE = Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Syscalls sys;
    private final PipePool pool;
    private final ReflinkStrategy reflink; // learns a file system's answer

    Probes(Syscalls sys, PipePool pool, ReflinkStrategy reflink) {
        this.reflink = reflink;
        this.sys = sys;
        this.pool = pool;
    }

    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("kernel", read("/proc/sys/kernel/osrelease"));
        facts.put("processor", processor());
        facts.put("calls", Binding.how());
        facts.put("jna", com.sun.jna.Native.VERSION + ", library " + com.sun.jna.Native.VERSION_NATIVE);
        facts.put("pipe-max-size", read("/proc/sys/fs/pipe-max-size"));
        facts.put("pipe-user-pages-soft", read("/proc/sys/fs/pipe-user-pages-soft"));
        facts.put("pipe-user-pages-hard", read("/proc/sys/fs/pipe-user-pages-hard"));
        int capacity = pool.grantedCapacity();
        facts.put("pipe size granted", capacity < 0 ? pool.exhaustedBecause() : capacity + " bytes");
        return facts;
    }

    private static String processor() {
        try {
            return System.getProperty("os.arch");
        } catch (SecurityException notToBeRead) {
            return "unknown: " + notToBeRead;
        }
    }

    /** The abilities of a directory's file system, found with files that are removed again. */
    Map<String, String> probe(Path directory) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "reflink in " + directory,
                reflinkUnavailableBecause(directory).map(why -> "no, " + why).orElse("yes"));
        facts.put("direct I/O in " + directory, directIo(directory));
        return facts;
    }

    /**
     * In one read: a file of /proc/sys ends after the first read, and the JDK's readString first reads only one byte.
     */
    private static String read(String file) {
        try (FileInputStream in = new FileInputStream(file)) {
            byte[] line = new byte[256];
            return new String(line, 0, Math.max(0, in.read(line)), StandardCharsets.US_ASCII).strip();
        } catch (IOException | SecurityException e) {
            return "unknown: " + e;
        }
    }

    /** Clones one small file into another and removes both; empty if that worked. */
    Optional<String> reflinkUnavailableBecause(Path directory) {
        LeaseCache leases = new LeaseCache(sys);
        try (FileChannel from = file(directory);
                FileChannel to = file(directory)) {
            from.write(ByteBuffer.allocate(4096));
            ChannelLease source = leases.lease(from);
            ChannelLease target = leases.lease(to);
            if (source == null || target == null) {
                return Optional.of("no descriptor of a file can be had");
            }
            int result = sys.ioctl(target.fd(), C.FICLONE, source.fd());
            reflink.remember(target.facts(to), result);
            return result >= 0 ? Optional.empty() : Optional.of(Errno.message("ioctl(FICLONE)", result));
        } catch (IOException e) {
            return Optional.of("no file can be made there: " + e);
        }
    }

    /**
     * Makes a file whose name the JDK removes as soon as it is open. The name is never used again, so that other users
     * of the folder cannot replace the file, and the file is gone at the latest when the process ends.
     */
    private static FileChannel file(Path directory) throws IOException {
        String name =
                ".zerocopy-probe" + Long.toHexString(ThreadLocalRandom.current().nextLong());
        return FileChannel.open(directory.resolve(name), PROBE, OWNER_ONLY);
    }

    /** Makes a file there, opens it with O_DIRECT and removes it; returns the result as text. */
    private String directIo(Path directory) {
        try (FileChannel channel = file(directory)) {
            ChannelLease lease = new LeaseCache(sys).lease(channel);
            if (lease == null) {
                return "unknown: no descriptor of a file can be had";
            }
            DirectDescriptor.Opened opened =
                    DirectDescriptor.open(new DescriptorSource(sys, channel, lease), C.O_RDONLY);
            if (opened.end() == null) {
                return "no, " + opened.refused();
            }
            opened.end().close();
            return "yes, in blocks of " + opened.end().alignment() + " bytes";
        } catch (IOException e) {
            return "unknown: no file can be made there: " + e;
        }
    }

    /** Asks the driver of the interface that has the socket's local address; see ethtool's SIOCETHTOOL. */
    Optional<Boolean> scatterGather(SocketChannel socket) {
        String name = interfaceOf(socket);
        ChannelLease lease = name == null ? null : new LeaseCache(sys).lease(socket);
        if (lease == null) {
            return Optional.empty();
        }
        Memory memory = Memory.take();
        try {
            byte[] ascii = new byte[IFNAMSIZ];
            byte[] given = name.getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(given, 0, ascii, 0, Math.min(given.length, IFNAMSIZ - 1));
            memory.putBytes(0, ascii).putLong(IFREQ_DATA, memory.address(ETHTOOL_VALUE));
            memory.putLong(IFREQ_DATA + 8, 0).putLong(IFREQ_DATA + 16, 0);
            memory.putInt(ETHTOOL_VALUE, C.ETHTOOL_GSG).putInt(ETHTOOL_VALUE + 4, 0);
            long result = lease.call(socket, () -> sys.ioctl(lease.fd(), C.SIOCETHTOOL, memory.address()));
            return result < 0 ? Optional.empty() : Optional.of(memory.getInt(ETHTOOL_VALUE + 4) != 0);
        } catch (IOException closed) {
            return Optional.empty();
        } finally {
            memory.release();
        }
    }

    private static String interfaceOf(SocketChannel socket) {
        try {
            SocketAddress local = socket.getLocalAddress();
            if (!(local instanceof InetSocketAddress address)) {
                return null;
            }
            NetworkInterface found = NetworkInterface.getByInetAddress(address.getAddress());
            return found == null ? null : found.getName();
        } catch (IOException e) {
            return null;
        }
    }
}
