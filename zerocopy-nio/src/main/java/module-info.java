/** The mechanisms that every platform has, on {@code java.nio} alone. */
module io.zerocopy.nio {
    requires transitive io.zerocopy;
    // Whose buffers MappedFile speaks; who does not use that can do without. From 2.0 on the module is org.agrona.
    requires static transitive org.agrona.core;

    exports io.zerocopy.nio;

    uses io.zerocopy.spi.Provider;

    provides io.zerocopy.spi.Provider with
            io.zerocopy.nio.NioProvider;
}
