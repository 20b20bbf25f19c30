/** The command-line tool, and what measures and tests the other modules. */
module io.zerocopy.tests {
    requires info.picocli;
    requires io.zerocopy;
    requires io.zerocopy.linux;
    requires java.management;
    requires me.tongfei.progressbar;

    // The examples for Netty, which the tool does not bring.
    requires static io.netty.common;
    requires static io.netty.transport;
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.unix.common;

    opens io.zerocopy.tests.cli to
            info.picocli;
}
