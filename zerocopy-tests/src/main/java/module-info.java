/** The command-line tool, and what measures and tests the other modules. */
module io.zerocopy.tests {
    requires info.picocli;
    requires io.zerocopy;
    requires io.zerocopy.linux;
    requires java.management;
    requires jdk.management;
    requires me.tongfei.progressbar;

    opens io.zerocopy.tests.cli to
            info.picocli;
}
