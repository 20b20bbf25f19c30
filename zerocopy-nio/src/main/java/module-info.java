/** The mechanisms that work on every platform, with {@code java.nio} alone. */
module io.zerocopy.nio {
    requires transitive io.zerocopy;
    // For the buffers of MappedFile and Buffers; not needed by applications that do not use them. From 2.0 on the
    // module is org.agrona.
    requires static transitive org.agrona.core;

    exports io.zerocopy.nio;

    uses io.zerocopy.spi.Provider;

    provides io.zerocopy.spi.Provider with
            io.zerocopy.nio.NioProvider;
}
