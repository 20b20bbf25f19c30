/** The mechanisms that every platform has, on {@code java.nio} alone. */
module io.zerocopy.nio {
    requires transitive io.zerocopy;
    requires static transitive org.agrona.core;

    exports io.zerocopy.nio;

    provides io.zerocopy.spi.Provider with
            io.zerocopy.nio.NioProvider;
}
