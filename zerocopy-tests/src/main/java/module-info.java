/** The command-line tool, and what measures and tests the other modules. */
module io.zerocopy.tests {
    // For the contract alone: the tool goes without.
    requires static transitive org.assertj.core;
    requires static transitive org.junit.jupiter.api;
    requires com.sun.jna;
    requires info.picocli;
    requires transitive io.zerocopy;
    requires io.zerocopy.linux;
    requires io.zerocopy.nio;
    requires java.management;
    requires jdk.unsupported;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires java.desktop;
    requires jdk.management;
    requires org.knowm.xchart;
    requires VectorGraphics2D;
    requires me.tongfei.progressbar;

    exports io.zerocopy.tests.contract;

    opens io.zerocopy.tests.cli to
            info.picocli;
}
