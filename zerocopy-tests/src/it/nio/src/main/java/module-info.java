module sample.nio {
    requires io.zerocopy.nio;
}
