/** The mechanisms of Linux on plain java.nio channels, through JNA. */
module io.zerocopy.linux {
    requires transitive io.zerocopy;
    requires transitive io.zerocopy.nio;
    requires com.sun.jna;

    exports io.zerocopy.linux;

    provides io.zerocopy.spi.Provider with
            io.zerocopy.linux.LinuxProvider;
}
