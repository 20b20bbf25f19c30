/** The public face of zerocopy, its planner and the one loop that moves bytes. */
@SuppressWarnings("module") // it is compiled before those that it exports to
module io.zerocopy {
    requires jdk.jfr;

    exports io.zerocopy;
    exports io.zerocopy.spi;
    exports io.zerocopy.internal.memory to
            io.zerocopy.nio,
            io.zerocopy.linux;
    exports io.zerocopy.internal.startup to
            io.zerocopy.linux;

    uses io.zerocopy.spi.Provider;
}
