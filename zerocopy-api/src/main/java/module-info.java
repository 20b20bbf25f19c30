/** The public face of zerocopy, its planner and the one loop that moves bytes. */
module io.zerocopy {
    requires jdk.jfr;

    exports io.zerocopy;
    exports io.zerocopy.spi;

    uses io.zerocopy.spi.Provider;
}
