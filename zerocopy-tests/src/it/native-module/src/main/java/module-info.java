module sample.module {
    requires io.zerocopy.linux;
}
