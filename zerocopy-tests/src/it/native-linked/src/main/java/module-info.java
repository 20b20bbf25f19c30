module sample.linked {
    requires io.zerocopy.linux;
}
